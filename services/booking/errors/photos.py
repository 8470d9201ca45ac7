"""Refusals of a photo."""

from shared.errors import Invalid


class PhotoMissing(Invalid):
    """A photo that was never uploaded, is somebody else's, or is gone."""

    code = "photo_missing"
    zh = "有照片没有上传成功，请重新添加。"
    en = "A photo did not arrive. Please add it again."


class PhotoUnreadable(Invalid):
    """These bytes are no picture we can read."""

    code = "photo_unreadable"
    zh = "无法读取这张照片，请用 JPEG、PNG 或 WebP 格式。"
    en = "This photo cannot be read. Please use JPEG, PNG or WebP."


class PhotoTooLarge(Invalid):
    """More bytes or pixels than we decode."""

    status = 413
    code = "photo_too_large"
    zh = "照片太大了：最多 12 MB、4000 万像素。"
    en = "The photo is too large: at most 12 MB and 40 megapixels."
