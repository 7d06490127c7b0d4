package jpeg

// idct turns one block of dequantised coefficients into 8×8 samples. It is the
// accurate integer transform of the Independent JPEG Group (jidctint) in fixed
// point with 12 bits.
func idct(in *[64]int32, out []byte, stride int) {
	const (
		c0298 = 1223
		c0390 = -1597
		c0541 = 2217
		c0765 = 3135
		c0899 = -3685
		c1175 = 4816
		c1501 = 6149
		c1847 = -7567
		c1961 = -8034
		c2053 = 8410
		c2562 = -10497
		c3072 = 12586
	)
	one := func(s0, s1, s2, s3, s4, s5, s6, s7 int32) (x0, x1, x2, x3, t0, t1, t2, t3 int32) {
		p1 := (s2 + s6) * c0541
		a2, a3 := p1+s6*c1847, p1+s2*c0765
		a0, a1 := (s0+s4)<<12, (s0-s4)<<12
		x0, x3, x1, x2 = a0+a3, a0-a3, a1+a2, a1-a2
		p3, p4, q1, q2 := s7+s3, s5+s1, s7+s1, s5+s3
		p5 := (p3 + p4) * c1175
		q1, q2, p3, p4 = p5+q1*c0899, p5+q2*c2562, p3*c1961, p4*c0390
		return x0, x1, x2, x3, s7*c0298 + q1 + p3, s5*c2053 + q2 + p4, s3*c3072 + q2 + p3, s1*c1501 + q1 + p4
	}
	var v [64]int32
	for i := range 8 {
		if in[i+8]|in[i+16]|in[i+24]|in[i+32]|in[i+40]|in[i+48]|in[i+56] == 0 {
			dc := in[i] << 2
			for j := i; j < 64; j += 8 {
				v[j] = dc
			}
			continue
		}
		x0, x1, x2, x3, t0, t1, t2, t3 := one(in[i], in[i+8], in[i+16], in[i+24], in[i+32], in[i+40], in[i+48], in[i+56])
		x0, x1, x2, x3 = x0+512, x1+512, x2+512, x3+512
		v[i], v[i+56] = (x0+t3)>>10, (x0-t3)>>10
		v[i+8], v[i+48] = (x1+t2)>>10, (x1-t2)>>10
		v[i+16], v[i+40] = (x2+t1)>>10, (x2-t1)>>10
		v[i+24], v[i+32] = (x3+t0)>>10, (x3-t0)>>10
	}
	const round = 1<<16 + 128<<17
	for y := range 8 {
		r, o := v[8*y:8*y+8], out[y*stride:y*stride+8]
		x0, x1, x2, x3, t0, t1, t2, t3 := one(r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7])
		x0, x1, x2, x3 = x0+round, x1+round, x2+round, x3+round
		o[0], o[7] = clamp((x0+t3)>>17), clamp((x0-t3)>>17)
		o[1], o[6] = clamp((x1+t2)>>17), clamp((x1-t2)>>17)
		o[2], o[5] = clamp((x2+t1)>>17), clamp((x2-t1)>>17)
		o[3], o[4] = clamp((x3+t0)>>17), clamp((x3-t0)>>17)
	}
}

func clamp(v int32) byte {
	if uint32(v) < 256 {
		return byte(v)
	}
	if v < 0 {
		return 0
	}
	return 255
}
