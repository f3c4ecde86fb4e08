"""The loader: installed tables as typed frames. Needs the package model and pandas."""
