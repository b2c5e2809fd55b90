"""Writes test/fixtures/images: one picture in every format that the data sets read, and what Pillow makes of it.

    .venv/bin/python test/reference/images.py

`decode/` holds the files and `decode.json`, which names for each its pixels as Pillow decodes them (upright by EXIF,
transparency over white), a tolerance in grey levels and the reason for it. `resize/` holds sources and what Pillow's
BILINEAR resize, crop and pad make of them; `resize.json` lists the cases.
"""

import json
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

root = Path(__file__).resolve().parent.parent / "fixtures" / "images"
decode = root / "decode"
resize = root / "resize"
cases = []


def picture(width: int, height: int) -> np.ndarray:
    """Smooth colours with a red corner at the top left, so that a turned or mirrored copy is another picture."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    rgb = np.stack(
        [
            255 * x / (width - 1),
            255 * y / (height - 1),
            128 + 100 * np.sin(x / 3) * np.cos(y / 4),
        ],
        axis=-1,
    )
    rgb[: height // 3, : width // 3] = [230, 20, 30]
    return np.round(rgb).astype(np.uint8)


def upright_over_white(path: Path) -> Image.Image:
    """What a viewer shows."""
    image = Image.open(path)
    image.seek(0)
    image = ImageOps.exif_transpose(image)
    if image.mode in ("LA", "RGBA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, image)
    if image.mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image) // 256).astype(np.uint8))
    return image.convert("RGB")


def add(name: str, tolerance: int, why: str, expected: Image.Image | None = None) -> None:
    """The expected pixels are raw RGB bytes behind nothing: the size is in the list."""
    image = expected or upright_over_white(decode / name)
    raw = f"{name}.rgb"
    (decode / raw).write_bytes(image.tobytes())
    cases.append(
        {
            "file": name,
            "expected": raw,
            "width": image.width,
            "height": image.height,
            "tolerance": tolerance,
            "why": why,
        }
    )


def png16(path: Path, values: np.ndarray) -> None:
    """Pillow writes no 16-bit colour; a PNG is a few chunks (W3C PNG specification, section 11)."""
    height, width, channels = values.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    colour = {1: 0, 3: 2, 4: 6}[channels]

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 16, colour, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )


def write_decode_cases() -> None:
    decode.mkdir(parents=True, exist_ok=True)
    rgb = picture(24, 16)
    image = Image.fromarray(rgb)
    alpha = np.tile(np.linspace(0, 255, 24).round().astype(np.uint8), (16, 1))
    rgba = Image.fromarray(np.dstack([rgb, alpha]))

    exact = [
        ("colour.png", image, {}),
        ("grey.png", image.convert("L"), {}),
        ("palette.png", image.quantize(64), {}),
        ("one-bit.png", image.convert("1"), {}),
        ("lossless.webp", image, {"lossless": True}),
        ("still.gif", image.quantize(32), {}),
        ("colour.bmp", image, {}),
        ("grey.bmp", image.convert("L"), {}),
        ("one-bit.bmp", image.convert("1"), {}),
        ("palette.bmp", image.quantize(16), {}),
        ("lzw.tiff", image, {"compression": "tiff_lzw"}),
        ("grey.tiff", image.convert("L"), {}),
    ]
    for name, source, options in exact:
        source.save(decode / name, **options)
        add(name, 0, "lossless")

    frames = [image, ImageOps.invert(image)]
    frames[0].save(decode / "animated.gif", save_all=True, append_images=frames[1:], duration=100)
    add("animated.gif", 0, "the first frame")
    image.save(decode / "two-pages.tiff", save_all=True, append_images=frames[1:])
    add("two-pages.tiff", 0, "the first page")

    rgba.save(decode / "transparent.png")
    add("transparent.png", 1, "rounding of the blend")
    rgba.convert("LA").save(decode / "transparent-grey.png")
    add("transparent-grey.png", 1, "rounding of the blend")
    rgba.save(decode / "transparent.webp", lossless=True, exact=True)
    add("transparent.webp", 1, "rounding of the blend")
    clear = image.quantize(32)
    clear.save(decode / "transparent-palette.png", transparency=3)
    add("transparent-palette.png", 1, "one colour of the palette is clear")

    wide = (rgb.astype(np.uint16) << 8) + rgb[..., ::-1]
    png16(decode / "sixteen-bit-colour.png", wide)
    add("sixteen-bit-colour.png", 1, "16 bits rounded to 8", image)
    grey = np.asarray(image.convert("L"))
    Image.fromarray(grey.astype(np.uint16) * 257).save(decode / "sixteen-bit-grey.png")
    add("sixteen-bit-grey.png", 1, "16 bits rounded to 8")
    Image.fromarray(grey.astype(np.uint16) * 257).save(decode / "sixteen-bit-grey.tiff")
    add("sixteen-bit-grey.tiff", 1, "16 bits rounded to 8")
    wide_alpha = np.dstack([rgb.astype(np.uint16) * 257, alpha.astype(np.uint16) * 257])
    png16(decode / "sixteen-bit-transparent.png", wide_alpha)
    white = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
    add("sixteen-bit-transparent.png", 1, "16 bits rounded to 8", Image.alpha_composite(white, rgba).convert("RGB"))

    image.save(decode / "colour.jpg", quality=95, subsampling=0)
    add("colour.jpg", 3, "decoders round differently")
    image.convert("L").save(decode / "grey.jpg", quality=95)
    add("grey.jpg", 2, "decoders round differently")
    for orientation in range(1, 9):
        name = f"turned-{orientation}.jpg"
        exif = Image.Exif()
        exif[0x0112] = orientation
        image.save(decode / name, quality=95, subsampling=0, exif=exif)
        add(name, 3, "decoders round differently")

    # Inks without a profile have no exact colour; the two programs agree on which is which.
    inks = np.zeros((16, 24, 4), np.uint8)
    for column, ink in enumerate([(0, 0, 0, 0), (255, 0, 0, 0), (0, 255, 0, 0), (0, 0, 255, 0), (0, 0, 0, 255), (0, 255, 255, 0)]):
        inks[:, 4 * column : 4 * column + 4] = ink
    cmyk = Image.fromarray(inks, "CMYK")
    cmyk.save(decode / "inks.jpg", quality=95)
    add("inks.jpg", 128, "inks without a profile: sharp has a press's colours, Pillow a formula's")
    cmyk.save(decode / "inks.tiff")
    add("inks.tiff", 128, "inks without a profile: sharp has a press's colours, Pillow a formula's")

    (root / "decode.json").write_text(json.dumps(cases, indent=1) + "\n")


def crop(image: Image.Image) -> Image.Image:
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side))


def pad(image: Image.Image, size: int) -> Image.Image:
    scale = size / max(image.size)
    width, height = (max(1, int(extent * scale + 0.5)) for extent in image.size)
    square = Image.new(image.mode, (size, size))
    square.paste(
        image.resize((width, height), Image.Resampling.BILINEAR),
        ((size - width) // 2, (size - height) // 2),
    )
    return square


def write_resize_cases() -> None:
    resize.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(5).integers(0, 256, (28, 28), dtype=np.uint8)
    sources = {
        "noise-28.png": Image.fromarray(noise),
        "smooth-100x73.png": Image.fromarray(picture(100, 73)),
        "smooth-57x90.png": Image.fromarray(picture(57, 90)),
    }
    wanted = [
        ("noise-28.png", 32, "crop", "L"),
        ("noise-28.png", 64, "crop", "L"),
        ("noise-28.png", 14, "crop", "L"),
        ("noise-28.png", 28, "crop", "RGB"),
        ("smooth-100x73.png", 28, "crop", "RGB"),
        ("smooth-100x73.png", 64, "crop", "L"),
        ("smooth-100x73.png", 32, "pad", "RGB"),
        ("smooth-100x73.png", 128, "pad", "L"),
        ("smooth-57x90.png", 64, "crop", "RGB"),
        ("smooth-57x90.png", 28, "pad", "L"),
        ("smooth-57x90.png", 64, "pad", "RGB"),
    ]
    listed = []
    for name, image in sources.items():
        image.save(resize / name)
    for name, size, fit, mode in wanted:
        image = sources[name].convert(mode)
        result = pad(image, size) if fit == "pad" else crop(image).resize((size, size), Image.Resampling.BILINEAR)
        expected = f"{Path(name).stem}-to-{size}-{fit}-{mode}.png"
        result.save(resize / expected)
        listed.append(
            {"file": name, "size": size, "fit": fit, "channels": len(mode), "expected": expected}
        )
    (root / "resize.json").write_text(json.dumps(listed, indent=1) + "\n")


write_decode_cases()
write_resize_cases()
