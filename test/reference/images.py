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

    write_bitmaps(rgba)
    for name, kind, options in [
        ("big.tiff", "uint8", {"big_tiff": True}),
        ("big-deflated.tiff", "uint8", {"big_tiff": True, "compression": "tiff_adobe_deflate"}),
    ]:
        image.save(decode / name, **options)
        add(name, 0, f"BigTIFF of {kind}")

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


def bitmap(name: str, header: bytes, palette: bytes, pixels: bytes) -> None:
    """A file header of 14 bytes, then all that follows (Microsoft, BITMAPFILEHEADER)."""
    start = 14 + len(header) + len(palette)
    (decode / name).write_bytes(struct.pack("<2sIHHI", b"BM", start + len(pixels), 0, 0, start) + header + palette + pixels)


def runs(indices: np.ndarray, bits: int) -> bytes:
    """BI_RLE8 or BI_RLE4 from the bottom row up: pairs, stretches of pixels as they are, and the end of each line."""
    out = bytearray()
    for line in indices[::-1]:
        column = 0
        while column < len(line):
            same = 1
            while column + same < len(line) and same < 255 and line[column + same] == line[column]:
                same += 1
            value = int(line[column])
            if same >= 3 or column + 3 > len(line):
                out += bytes([same, value if bits == 8 else value << 4 | value])
                column += same
                continue
            # Pillow loses the last pixel of an odd stretch of half bytes.
            plain = [int(v) for v in line[column : column + (5 if bits == 8 else 4)]]
            if len(plain) < (3 if bits == 8 else 4):
                out += bytes([1, value if bits == 8 else value << 4])
                column += 1
                continue
            packed = bytes(plain) if bits == 8 else bytes(
                plain[i] << 4 | (plain[i + 1] if i + 1 < len(plain) else 0) for i in range(0, len(plain), 2)
            )
            out += bytes([0, len(plain)]) + packed + b"\0" * (len(packed) % 2)
            column += len(plain)
        out += b"\0\0"
    return bytes(out) + b"\0\1"


def write_bitmaps(rgba: Image.Image) -> None:
    """Pillow reads run lengths and alpha masks but writes neither."""
    rgb = rgba.convert("RGB")
    width, height = rgb.size
    for bits, colours in [(8, 64), (4, 16)]:
        few = rgb.quantize(colours)
        palette = np.zeros((2**bits, 4), np.uint8)
        table = np.array(few.getpalette(), np.uint8).reshape(-1, 3)[: 2**bits]
        palette[: len(table), :3] = table[:, ::-1]
        pixels = runs(np.asarray(few), bits)
        compression = {8: 1, 4: 2}[bits]
        header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(pixels), 2835, 2835, 2**bits, 0)
        bitmap(f"runs-{bits}.bmp", header, palette.tobytes(), pixels)
        add(f"runs-{bits}.bmp", 0, "lossless")
    raw = np.asarray(rgba)[::-1, :, [2, 1, 0, 3]].tobytes()
    masks = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    # BITMAPV4HEADER: the small header, four masks, and 52 bytes of colour space.
    header = struct.pack("<IiiHHIIiiII", 108, width, height, 1, 32, 3, len(raw), 2835, 2835, 0, 0) + masks + b"\0" * 52
    bitmap("alpha.bmp", header, b"", raw)
    add("alpha.bmp", 1, "rounding of the blend")


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
