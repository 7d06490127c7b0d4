package model

import "net/netip"

// Network is the part of a client's IP address by which tries are counted: an
// IPv4 address whole, of an IPv6 address the first 64 bits, because one
// household or one phone has all addresses below them. What is no address is
// one network, "".
func Network(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return ""
	}
	a = a.Unmap().WithZone("")
	if a.Is4() {
		return a.String()
	}
	p, err := a.Prefix(64)
	if err != nil {
		return ""
	}
	return p.String()
}
