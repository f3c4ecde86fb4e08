"""The package model: what a data package is, and how it is read; standard library only."""
