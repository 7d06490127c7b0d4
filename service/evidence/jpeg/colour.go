package jpeg

// rowsOut gives out the rows of picture in one row of units.
func (d *decoder) rowsOut(my int) error {
	f := d.frame
	for y := range 8 * f.vmax {
		if d.emitted >= f.Height || my*8*f.vmax+y >= f.Height {
			return nil
		}
		d.colour(y)
		d.emitted++
		if err := d.emit(d.row); err != nil {
			return err
		}
	}
	return nil
}

// blank gives out the rows that a damaged picture lacks, in grey.
func (d *decoder) blank() error {
	for i := range d.row {
		if d.row[i] = 128; i&3 == 3 {
			d.row[i] = 255
		}
	}
	for ; d.emitted < d.frame.Height; d.emitted++ {
		if err := d.emit(d.row); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) line(i, y int) ([]byte, []int32) {
	p := &d.planes[i]
	return p.rows[y*p.V/d.frame.vmax*p.wide*8:], p.columns
}

// colour makes the row y of the row of units.
func (d *decoder) colour(y int) {
	c0, x0 := d.line(0, y)
	if len(d.planes) == 1 {
		for x := range d.frame.Width {
			v := c0[x]
			o := d.row[4*x : 4*x+3]
			o[0], o[1], o[2] = v, v, v
		}
		return
	}
	c1, x1 := d.line(1, y)
	c2, x2 := d.line(2, y)
	if len(d.planes) == 3 {
		rgb := d.adobe == 0 || d.adobe < 0 && d.planes[0].ID == 'R' && d.planes[1].ID == 'G' && d.planes[2].ID == 'B'
		for x := range d.frame.Width {
			a, b, c := c0[x0[x]], c1[x1[x]], c2[x2[x]]
			if !rgb {
				a, b, c = toRGB(a, b, c)
			}
			o := d.row[4*x : 4*x+3]
			o[0], o[1], o[2] = a, b, c
		}
		return
	}
	// Adobe's programs write ink inverted; without their marker it is taken as it is.
	c3, x3 := d.line(3, y)
	for x := range d.frame.Width {
		a, b, c, k := c0[x0[x]], c1[x1[x]], c2[x2[x]], c3[x3[x]]
		if d.adobe == 2 {
			a, b, c = toRGB(a, b, c)
		}
		if d.adobe < 0 {
			a, b, c, k = 255-a, 255-b, 255-c, 255-k
		}
		o := d.row[4*x : 4*x+3]
		o[0], o[1], o[2] = scaled(a, k), scaled(b, k), scaled(c, k)
	}
}

func scaled(a, k byte) byte { return byte(uint32(a) * uint32(k) / 255) }

func toRGB(y, cb, cr byte) (r, g, b byte) {
	yy, u, v := int32(y)<<16+1<<15, int32(cb)-128, int32(cr)-128
	return clamp((yy + 91881*v) >> 16), clamp((yy - 22554*u - 46802*v) >> 16), clamp((yy + 116130*u) >> 16)
}
