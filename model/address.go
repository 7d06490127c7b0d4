package model

import (
	"hash/fnv"
	"net/netip"
	"strconv"
)

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

// ClientKey is one device in one network, by which the tries of people whom
// nobody knows are counted: those who share an address, in a bank's branch or a
// court's hall, do not pay for each other.
func ClientKey(ip, device string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(device)) // a hash does not fail
	return Network(ip) + " " + strconv.FormatUint(h.Sum64(), 36)
}
