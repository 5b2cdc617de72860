"""The paper and the colours of the demo pictures."""

from math import cos, pi, sin

from PIL import Image, ImageDraw, ImageFont

SIZE, SCALE = 512, 3

INK, LEAF, MINT, CREAM, WHITE = "#2f3b45", "#4d8b6f", "#a9d0b8", "#fbf4e6", "#ffffff"
SUN, CORAL, SKY, SAND, WOOD = "#f4b942", "#e9785f", "#7fb4d8", "#e6cfa8", "#c9935a"
BARK, GREY, LILAC, NAVY, STEEL = "#8a5a34", "#c9d1d6", "#a99bd0", "#36527a", "#93a3ae"
BACKDROPS = ("#eaf3ec", "#fdf1dc", "#e8f1f8", "#f9e9e3", "#efeaf7")


class Canvas:
    """Drawing in units of 1/512 of the picture, drawn three times as large and scaled down to be smooth."""

    def __init__(self, backdrop):
        self.image = Image.new("RGB", (SIZE * SCALE, SIZE * SCALE), WHITE)
        self.draw = ImageDraw.Draw(self.image)
        self.backdrop = backdrop
        self.disc(256, 256, 236, backdrop)
        self.oval(256, 428, 140, 14, self._darker(backdrop))

    @staticmethod
    def _darker(colour):
        return "#" + "".join(f"{int(int(colour[i : i + 2], 16) * 0.9):02x}" for i in (1, 3, 5))

    @staticmethod
    def _up(points):
        return [tuple(value * SCALE for value in point) for point in points]

    def box(self, x, y, width, height, fill, radius=10):
        corners = [value * SCALE for value in (x, y, x + width, y + height)]
        self.draw.rounded_rectangle(corners, radius * SCALE, fill)

    def oval(self, x, y, across, down, fill):
        self.draw.ellipse([value * SCALE for value in (x - across, y - down, x + across, y + down)], fill)

    def disc(self, x, y, radius, fill):
        self.oval(x, y, radius, radius, fill)

    def shape(self, points, fill):
        self.draw.polygon(self._up(points), fill)

    def line(self, points, fill, width):
        self.draw.line(self._up(points), fill, int(width * SCALE), joint="curve")
        for x, y in (points[0], points[-1]):
            self.disc(x, y, width / 2, fill)

    def arc(self, x, y, across, down, start, end, fill, width):
        corners = [value * SCALE for value in (x - across, y - down, x + across, y + down)]
        self.draw.arc(corners, start, end, fill, int(width * SCALE))

    def leaf(self, x, y, length, angle, fill=LEAF):
        """A leaf that grows from (x, y) at an angle in degrees, 0 to the right, 90 up."""
        turn, points = angle * pi / 180, []
        for side in (1, -1):
            steps = range(0, 21) if side == 1 else range(20, -1, -1)
            for step in steps:
                along, out = length * step / 20, side * length * 0.22 * sin(pi * step / 20)
                points.append((x + along * cos(turn) - out * sin(turn), y - along * sin(turn) - out * cos(turn)))
        self.shape(points, fill)

    def save(self, path):
        small = self.image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
        small.quantize(64, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)


def save_logo(path):
    """The sign of Lumen & Leaf: a lamp's glow, a leaf and the name in Pillow's own letters, on nothing."""
    paper = Canvas(WHITE)
    paper.image = Image.new("RGBA", (420 * SCALE, 96 * SCALE), (255, 255, 255, 0))
    paper.draw = ImageDraw.Draw(paper.image)
    paper.disc(48, 48, 42, SUN)
    paper.leaf(30, 78, 74, 55)
    paper.line([(28, 82), (52, 48)], "#3f775e", 4)
    paper.draw.text((106 * SCALE, 20 * SCALE), "Lumen & Leaf", INK, ImageFont.load_default(48 * SCALE))
    paper.image.resize((420, 96), Image.Resampling.LANCZOS).save(path, optimize=True)
