"""Photos and videos: taken by what they are, kept without what the camera noted, shown to who may see the case."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...photos import cleaned
from ...photos.plain import ENDINGS

MOST_PHOTOS = 10
PHOTO_BYTES = 8 * 1024 * 1024
MOST_VIDEOS = 2
VIDEO_BYTES = 30 * 1024 * 1024
MOST_BYTES = 96 * 1024 * 1024  # of one form
SHOWN_INLINE = ("image/jpeg", "image/png", "image/webp")
ACCEPTED = "image/jpeg,image/png,image/webp,image/heic,image/heif,video/mp4,video/quicktime,video/webm"


class DropshipReturnPhotos(models.AbstractModel):
    _name = "dropship.return.photos"
    _description = "Photos and Videos of Customers"

    @api.model
    def _keep(self, files, owner, known):
        """
        :param files: [(name, bytes)], each at most one byte longer than what is allowed
        :param owner: the record they belong to
        :param known: attachments that are there already
        :return: the new attachments
        :raises UserError: one of them is none; nothing is kept then
        """
        kept = []
        for name, data in files:
            try:
                if len(data) > VIDEO_BYTES:
                    raise ValueError("too large")
                plain, kind = cleaned(data)
                if kind.startswith("image/") and len(data) > PHOTO_BYTES:
                    raise ValueError("too large")
            except ValueError as error:
                raise UserError(self._refused(name)) from error
            kept.append((plain, kind))
        kinds = [kind for _data, kind in kept] + known.mapped("mimetype")
        videos = sum(kind.startswith("video/") for kind in kinds)
        if videos > MOST_VIDEOS or len(kinds) - videos > MOST_PHOTOS:
            raise UserError(
                self.env._(
                    "Please send at most %(photos)s photos and %(videos)s videos.",
                    photos=MOST_PHOTOS,
                    videos=MOST_VIDEOS,
                )
            )
        return self.env["ir.attachment"].create([self._vals(owner, *one, place) for place, one in enumerate(kept, 1)])

    @api.model
    def _vals(self, owner, data, kind, place):
        return {
            "name": f"{fields.Datetime.now():%Y%m%d-%H%M%S}-{place}.{ENDINGS[kind]}",
            "raw": data,
            "mimetype": kind,
            "res_model": owner._name,
            "res_id": owner.id,
        }

    @api.model
    def _refused(self, name):
        return self.env._(
            '"%(name)s" is no photo or video we can read, or too large. Photos: JPEG, PNG, WebP or HEIC, up to 8 MB. '
            "Videos: MP4, MOV or WebM, up to 30 MB. Nothing was sent.",
            name=name[:80],
        )
