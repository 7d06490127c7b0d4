package demo

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"

	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"microcourt/model"
)

// Slip is what a rendered bank receipt says (银行电子回单, its usual fields).
type Slip struct {
	Bank, PayeeBank         string
	Payer, PayerAccount     string
	Payee, PayeeAccount     string
	AmountFen               model.Fen
	On                      model.Date
	Time                    string
	Serial, Number, Purpose string
}

// Renderer draws receipts as pictures.
type Renderer struct{ font *opentype.Font }

// NewRenderer makes a renderer with a TrueType font.
func NewRenderer(f *opentype.Font) *Renderer { return &Renderer{f} }

// scale shrinks the drawings: a demonstration should start at once, and 648
// pixels are enough to read.
const scale = 0.6

func px(v int) int { return int(float64(v) * scale) }

type canvas struct {
	*image.RGBA
	r *Renderer
}

func (c canvas) text(x, y int, size float64, col color.Color, s string) {
	face, err := opentype.NewFace(c.r.font, &opentype.FaceOptions{Size: size * scale, DPI: 72})
	if err != nil {
		return // only for impossible sizes
	}
	defer func() { _ = face.Close() }()
	(&xfont.Drawer{Dst: c, Src: image.NewUniform(col), Face: face, Dot: fixed.P(px(x), px(y))}).DrawString(s)
}

func (c canvas) box(x0, y0, x1, y1 int, col color.Color) {
	draw.Draw(c, image.Rect(px(x0), px(y0), max(px(x1), px(x0)+1), max(px(y1), px(y0)+1)), image.NewUniform(col), image.Point{}, draw.Src)
}

func (r *Renderer) blank(w, h int, paper color.Color) canvas {
	c := canvas{image.NewRGBA(image.Rect(0, 0, px(w), px(h))), r}
	c.box(0, 0, w, h, paper)
	return c
}

var (
	ink   = color.RGBA{0x22, 0x22, 0x2a, 0xff}
	quiet = color.RGBA{0x80, 0x84, 0x8c, 0xff}
	rule  = color.RGBA{0xb8, 0xbc, 0xc4, 0xff}
	red   = color.RGBA{0xc8, 0x10, 0x1e, 0xff}
)

// BankReceipt draws an electronic receipt as a bank prints it.
func (r *Renderer) BankReceipt(s Slip) image.Image {
	c := r.blank(1080, 720, color.White)
	c.text(340, 70, 40, ink, s.Bank+"电子回单")
	c.text(60, 120, 20, quiet, "回单编号："+s.Number)
	c.text(720, 120, 20, quiet, "交易日期："+s.On.String()+" "+s.Time)
	rows := [][4]string{
		{"付款人户名", s.Payer, "收款人户名", s.Payee},
		{"付款人账号", s.PayerAccount, "收款人账号", s.PayeeAccount},
		{"付款人开户行", s.Bank, "收款人开户行", s.PayeeBank},
		{"金额（小写）", "￥" + s.AmountFen.Yuan(), "金额（大写）", s.AmountFen.Capital()},
		{"交易流水号", s.Serial, "摘要", "转账"},
		{"用途", s.Purpose, "状态", "交易成功"},
	}
	for i, row := range rows {
		y := 150 + i*76
		c.box(60, y, 1020, y+2, rule)
		for k, x := range []int{60, 220, 540, 700, 1018} {
			c.box(x, y, x+2, y+76, rule)
			if k < 4 {
				col := ink
				if k%2 == 0 {
					col = quiet
				}
				c.text(x+12, y+46, 20, col, row[k])
			}
		}
	}
	c.box(60, 606, 1020, 608, rule)
	c.text(60, 660, 18, quiet, "本回单仅供参考，如有疑问请向开户行查询。")
	c.text(800, 660, 26, red, "电子回单专用章")
	return c
}

// Transfer draws a mobile bank's transfer screen.
func (r *Renderer) Transfer(s Slip) image.Image {
	c := r.blank(750, 1334, color.RGBA{0xf4, 0xf5, 0xf7, 0xff})
	c.box(0, 0, 750, 120, color.RGBA{0x1f, 0x5f, 0xc4, 0xff})
	c.text(300, 80, 34, color.White, "转账详情")
	c.box(30, 160, 720, 1080, color.White)
	c.text(290, 270, 40, color.RGBA{0x1a, 0x8a, 0x4a, 0xff}, "转账成功")
	c.text(220, 360, 60, ink, "￥"+s.AmountFen.Yuan())
	for i, row := range [][2]string{
		{"收款人", s.Payee},
		{"收款账号", s.PayeeAccount},
		{"收款银行", s.PayeeBank},
		{"付款人", s.Payer},
		{"付款账号", s.PayerAccount},
		{"转账时间", s.On.String() + " " + s.Time},
		{"交易流水号", s.Serial},
		{"附言", s.Purpose},
	} {
		y := 470 + i*72
		c.text(70, y, 28, quiet, row[0])
		c.text(250, y, 28, ink, row[1])
	}
	return c
}

// CounterSlip draws a slip as it comes out of a bank's counter printer.
func (r *Renderer) CounterSlip(s Slip) image.Image {
	c := r.blank(900, 560, color.RGBA{0xfb, 0xf6, 0xe6, 0xff})
	c.text(300, 60, 34, red, s.Bank+"　业务回单")
	for i, row := range []string{
		"日期　" + s.On.String() + "　" + s.Time + "　　流水号　" + s.Serial, "付款人　" + s.Payer + "　账号　" + s.PayerAccount,
		"收款人　" + s.Payee + "　账号　" + s.PayeeAccount, "金额　人民币" + s.AmountFen.Capital(), "小写　￥" + s.AmountFen.Yuan(), "用途　" + s.Purpose,
	} {
		c.text(60, 140+i*62, 24, ink, row)
		c.box(50, 156+i*62, 850, 157+i*62, rule)
	}
	c.text(640, 520, 26, red, "业务办讫")
	return c
}

// JPEG encodes a picture as a phone would send it.
func JPEG(img image.Image) []byte {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, img, &jpeg.Options{Quality: 82}) // writing to memory cannot fail
	return b.Bytes()
}
