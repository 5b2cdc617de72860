#!/usr/bin/env python3
"""Draw the pictures of the demo products: flat, 512 × 512, few colours, nothing from outside.

    tools/make_pictures.py [NAME…]      without names: all of them, into dropship_flow/static/demo/

Needs Pillow. The pictures are committed; run it again only after changing a drawing.
"""

import sys
from math import cos, pi, sin
from pathlib import Path

from picture_canvas import (
    BACKDROPS,
    BARK,
    CORAL,
    CREAM,
    GREY,
    INK,
    LEAF,
    LILAC,
    MINT,
    NAVY,
    SAND,
    SCALE,
    SKY,
    STEEL,
    SUN,
    WOOD,
    Canvas,
    save_logo,
)

TARGET = Path(__file__).resolve().parent.parent / "dropship_flow" / "static" / "demo"


def lamp(c):
    c.shape([(150, 210), (300, 130), (340, 250), (215, 320)], "#fdf0c4")
    c.line([(250, 415), (250, 290), (330, 190), (262, 128)], INK, 12)
    c.shape([(175, 190), (215, 105), (290, 110), (300, 150)], LEAF)
    c.shape([(175, 190), (300, 150), (296, 166), (180, 206)], SUN)
    c.disc(330, 190, 14, SUN)
    c.box(175, 405, 150, 22, INK, 11)


def stand(c):
    c.shape([(170, 420), (300, 420), (330, 395), (200, 395)], WOOD)
    c.shape([(215, 405), (310, 200), (335, 200), (245, 410)], BARK)
    c.shape([(185, 385), (265, 120), (345, 140), (262, 405)], INK)
    c.shape([(197, 377), (270, 134), (333, 150), (258, 392)], SKY)
    c.disc(266, 240, 22, SUN)
    c.box(165, 398, 150, 26, WOOD, 8)


def cable(c):
    for radius in (122, 100, 78):
        c.arc(256, 270, radius, radius, 0, 360, LEAF if radius != 100 else MINT, 15)
    c.line([(256, 392), (300, 420), (352, 412)], LEAF, 15)
    c.box(340, 390, 44, 44, INK, 10)
    c.box(380, 402, 28, 20, STEEL, 4)
    c.box(236, 130, 40, 280, CORAL, 12)


def thermos(c):
    c.box(200, 90, 112, 70, STEEL, 18)
    c.box(214, 150, 84, 26, GREY, 4)
    c.box(190, 170, 132, 256, LEAF, 26)
    c.box(190, 190, 30, 216, "#3f775e", 14)
    c.box(296, 200, 12, 150, MINT, 6)
    c.leaf(256, 350, 110, 90, CREAM)
    c.line([(256, 360), (256, 290)], LEAF, 5)


def yoga_mat(c):
    c.shape([(120, 400), (300, 400), (400, 330), (240, 330)], LILAC)
    c.box(110, 270, 250, 130, LILAC, 20)
    c.oval(360, 335, 34, 66, "#8d7dbb")
    c.arc(360, 335, 22, 46, 0, 360, LILAC, 8)
    c.arc(360, 335, 8, 22, 0, 360, LILAC, 6)
    c.box(160, 266, 26, 138, INK, 6)
    c.box(272, 266, 26, 138, INK, 6)
    c.arc(229, 270, 56, 80, 180, 360, INK, 12)


def tshirt(c):
    c.shape([(190, 120), (322, 120), (420, 200), (380, 260), (340, 235), (340, 415)], CORAL)
    c.shape([(190, 120), (92, 200), (132, 260), (172, 235), (172, 415), (340, 415)], CORAL)
    c.oval(256, 122, 44, 34, c.backdrop)
    c.arc(256, 122, 50, 40, 0, 180, "#c95f49", 8)
    c.leaf(225, 330, 120, 55, CREAM)
    c.line([(222, 334), (262, 276)], CORAL, 5)


def clock(c):
    c.disc(256, 262, 160, WOOD)
    c.disc(256, 262, 138, CREAM)
    for hour in range(12):
        turn = hour * pi / 6
        c.disc(256 + 116 * sin(turn), 262 - 116 * cos(turn), 8 if hour % 3 == 0 else 4, INK)
    c.line([(256, 262), (200, 206)], INK, 12)
    c.line([(256, 262), (340, 214)], INK, 8)
    c.line([(256, 262), (268, 356)], CORAL, 4)
    c.disc(256, 262, 12, CORAL)


def power_bank(c):
    c.box(166, 110, 180, 310, NAVY, 28)
    c.box(180, 124, 152, 282, "#41618f", 20)
    c.shape([(270, 190), (212, 290), (252, 290), (240, 360), (302, 252), (260, 252)], SUN)
    for index in range(4):
        c.disc(212 + index * 30, 150, 7, MINT if index < 3 else STEEL)
    c.box(236, 96, 40, 16, STEEL, 4)


def gift_box(c):
    c.box(130, 230, 252, 190, LEAF, 10)
    c.box(112, 190, 288, 58, "#5fa283", 10)
    c.box(236, 190, 40, 230, SUN, 2)
    c.oval(206, 160, 54, 32, SUN)
    c.oval(306, 160, 54, 32, SUN)
    c.oval(206, 160, 28, 14, c.backdrop)
    c.oval(306, 160, 28, 14, c.backdrop)
    c.disc(256, 172, 20, CORAL)


def fairy_lights(c):
    points = [(70 + x, 210 + 50 * sin(x / 372 * 2 * pi)) for x in range(0, 373, 6)]
    c.line(points, INK, 6)
    for index, x in enumerate(range(30, 372, 52)):
        y = 210 + 50 * sin(x / 372 * 2 * pi)
        c.box(70 + x - 9, y, 18, 22, INK, 4)
        c.disc(70 + x, y + 58, 38, "#fff3cf")
        c.oval(70 + x, y + 48, 19, 28, (SUN, CORAL, MINT)[index % 3])
    c.leaf(150, 420, 90, 60)
    c.leaf(350, 420, 90, 120)


def headphones(c):
    c.arc(256, 270, 130, 150, 180, 360, INK, 26)
    c.box(106, 262, 62, 130, NAVY, 28)
    c.box(344, 262, 62, 130, NAVY, 28)
    c.box(150, 256, 34, 142, CORAL, 16)
    c.box(328, 256, 34, 142, CORAL, 16)
    c.arc(256, 270, 108, 126, 210, 330, STEEL, 8)


def mug(c):
    c.arc(340, 290, 62, 66, 0, 360, CORAL, 26)
    c.box(150, 190, 196, 232, CORAL, 26)
    c.oval(248, 200, 98, 22, "#c95f49")
    c.oval(248, 202, 84, 15, BARK)
    c.leaf(216, 370, 110, 62, CREAM)
    for x in (210, 250, 290):
        c.line([(x, 160), (x + 10, 140), (x - 6, 118), (x + 4, 96)], GREY, 7)


def teapot(c):
    c.arc(148, 300, 56, 70, 90, 270, STEEL, 18)
    c.shape([(330, 330), (398, 220), (424, 222), (360, 380)], "#bcd9ea")
    c.oval(256, 310, 120, 108, "#bcd9ea")
    c.oval(256, 336, 104, 78, SUN)
    c.oval(256, 296, 98, 20, "#f7cb70")
    c.box(186, 196, 140, 22, STEEL, 10)
    c.disc(256, 178, 20, WOOD)
    c.leaf(236, 370, 70, 50)
    c.leaf(270, 372, 54, 110)


def plant_pot(c):
    for angle, length in ((90, 170), (60, 150), (120, 150), (35, 130), (145, 130)):
        c.leaf(256, 290, length, angle, LEAF if angle % 20 else "#63a585")
    c.shape([(160, 290), (352, 290), (326, 424), (186, 424)], CORAL)
    c.box(148, 272, 216, 44, "#d9674e", 8)


def watering_can(c):
    c.shape([(300, 330), (392, 190), (414, 200), (330, 400)], "#5fa283")
    c.shape([(372, 176), (438, 196), (428, 222), (362, 202)], INK)
    c.box(150, 230, 180, 194, LEAF, 20)
    c.arc(240, 232, 80, 100, 180, 360, INK, 16)
    c.arc(150, 320, 54, 70, 90, 270, INK, 16)
    for x, y in ((430, 246), (444, 280), (414, 272)):
        c.oval(x, y, 6, 10, SKY)


def candle(c):
    c.box(170, 240, 172, 184, CREAM, 20)
    c.box(170, 290, 172, 84, LILAC, 0)
    c.oval(256, 250, 86, 18, SAND)
    c.line([(256, 250), (256, 216)], INK, 6)
    c.disc(256, 182, 62, "#fff0cc")
    c.leaf(256, 222, 84, 90, SUN)
    c.leaf(256, 218, 48, 90, CORAL)
    c.leaf(216, 350, 80, 30, CREAM)


def cushion(c):
    c.shape([(110, 130), (256, 158), (402, 130), (374, 270), (402, 410), (256, 384), (110, 410), (138, 270)], SKY)
    c.shape([(138, 158), (256, 182), (374, 158), (352, 270), (374, 382), (256, 360), (138, 382), (160, 270)], "#98c5e3")
    for angle in (45, 90, 135):
        c.leaf(256, 345, 150, angle, CREAM)
    c.line([(256, 350), (256, 240)], SKY, 6)


def tote_bag(c):
    c.arc(256, 210, 70, 110, 180, 360, BARK, 16)
    c.shape([(130, 200), (382, 200), (400, 424), (112, 424)], SAND)
    c.shape([(130, 200), (382, 200), (384, 222), (128, 222)], WOOD)
    c.leaf(256, 400, 150, 90)
    c.leaf(256, 390, 110, 50, "#63a585")
    c.leaf(256, 390, 110, 130, "#63a585")


def notebook(c):
    c.box(170, 110, 210, 310, GREY, 12)
    c.box(150, 100, 214, 314, NAVY, 14)
    c.box(150, 100, 40, 314, "#2b4264", 10)
    c.box(222, 160, 110, 64, CREAM, 8)
    c.line([(240, 182), (314, 182)], STEEL, 6)
    c.line([(240, 202), (290, 202)], STEEL, 6)
    c.box(320, 100, 12, 314, CORAL, 0)


def umbrella(c):
    c.line([(256, 130), (256, 390)], INK, 10)
    c.arc(282, 392, 26, 30, 0, 180, BARK, 12)
    c.draw.pieslice([v * SCALE for v in (86, 110, 426, 410)], 180, 360, CORAL)
    for left, fill in ((86, CORAL), (199, SUN), (312, CORAL)):
        c.draw.pieslice([v * SCALE for v in (left, 226, left + 114, 296)], 0, 180, c.backdrop)
        if fill == SUN:
            c.shape([(256, 110), (199, 260), (313, 260)], SUN)
    c.line([(256, 110), (256, 92)], INK, 8)


def chopping_board(c):
    c.box(226, 76, 60, 90, WOOD, 26)
    c.box(156, 140, 200, 284, WOOD, 34)
    for x in (206, 256, 306):
        c.line([(x, 160), (x, 404)], SAND, 4)
    c.disc(256, 104, 14, c.backdrop)
    c.oval(300, 330, 60, 56, CORAL)
    c.leaf(300, 276, 50, 60)
    c.leaf(300, 276, 44, 130)


def desk_organiser(c):
    for x, top, fill in ((180, 120, SUN), (214, 100, CORAL), (246, 136, NAVY)):
        c.box(x, top, 18, 200, fill, 4)
        c.shape([(x, top + 4), (x + 18, top + 4), (x + 9, top - 24)], SAND)
    c.box(300, 170, 14, 160, STEEL, 6)
    c.box(150, 250, 130, 172, WOOD, 8)
    c.box(270, 310, 110, 112, BARK, 8)
    c.box(286, 340, 78, 14, SAND, 6)
    c.leaf(340, 310, 100, 70)
    c.leaf(340, 310, 80, 110, "#63a585")


def resistance_band(c):
    for y, fill in ((180, CORAL), (270, SUN), (360, LEAF)):
        c.arc(256, y, 150, 52, 0, 360, fill, 30)


def screwdriver_set(c):
    c.box(110, 180, 292, 240, NAVY, 20)
    c.box(130, 200, 252, 200, "#41618f", 12)
    for index, fill in enumerate((CORAL, SUN, LEAF, CORAL, SUN)):
        x = 150 + index * 46
        c.box(x, 216, 28, 84, fill, 10)
        c.box(x + 10, 298, 8, 78 - index * 8, GREY, 2)
    c.box(216, 150, 80, 40, INK, 14)
    c.box(232, 164, 48, 26, c.backdrop, 8)


PICTURES = (
    lamp, stand, cable, thermos, yoga_mat, tshirt, clock, power_bank, gift_box, fairy_lights, headphones, mug, teapot,
    plant_pot, watering_can, candle, cushion, tote_bag, notebook, umbrella, chopping_board, desk_organiser,
    resistance_band, screwdriver_set,
)  # fmt: skip


def main(names):
    TARGET.mkdir(parents=True, exist_ok=True)
    for index, picture in enumerate(PICTURES):
        if not names or picture.__name__ in names:
            canvas = Canvas(BACKDROPS[index % len(BACKDROPS)])
            picture(canvas)
            canvas.save(TARGET / f"{picture.__name__}.png")
    if not names or "logo" in names:
        save_logo(TARGET / "logo.png")


if __name__ == "__main__":
    main(sys.argv[1:])
