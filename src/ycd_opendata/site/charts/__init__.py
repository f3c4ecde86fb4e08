"""The base of pictures: places in pixels, texts that fit them, and SVG that is safe to embed.

Every text is placed by our own estimate of its width, never by the fonts of the machine that
builds, so that the bytes are the same everywhere and no Chinese font is needed to build.
"""
