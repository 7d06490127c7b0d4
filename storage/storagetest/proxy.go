package storagetest

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"sync"
	"testing"
)

// Proxy is a way to a MySQL server on which connections can be cut and answers
// lost, as they are between machines.
type Proxy struct {
	server string
	commit func() (arrives, answered bool)

	mu    sync.Mutex
	down  bool
	l     net.Listener
	conns map[net.Conn]bool
}

// NewProxy listens on loopback until the test ends. commit is asked about each
// COMMIT: whether the server gets it, and whether the client gets the answer;
// nil passes everything.
func NewProxy(t testing.TB, server string, commit func() (arrives, answered bool)) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if commit == nil {
		commit = func() (bool, bool) { return true, true }
	}
	p := &Proxy{server: server, commit: commit, l: l, conns: map[net.Conn]bool{}}
	done := make(chan struct{})
	go func() {
		defer close(done)
		var running sync.WaitGroup
		defer running.Wait()
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() { p.serve(c) })
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		p.Down()
		<-done
	})
	return p
}

// Addr is where the proxy listens.
func (p *Proxy) Addr() string { return p.l.Addr().String() }

// Down cuts every connection and lets none come until Up.
func (p *Proxy) Down() { p.set(true) }

// Up lets connections come again.
func (p *Proxy) Up() { p.set(false) }

func (p *Proxy) set(down bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down = down; down {
		for c := range p.conns {
			_ = c.Close()
		}
	}
}

// keep remembers a connection to be cut, and tells whether it may live.
func (p *Proxy) keep(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down {
		return false
	}
	p.conns[c] = true
	return true
}

func (p *Proxy) forget(c net.Conn) {
	_ = c.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, c)
}

func (p *Proxy) serve(client net.Conn) {
	defer p.forget(client)
	server, err := net.Dial("tcp", p.server)
	if err != nil {
		return
	}
	defer p.forget(server)
	if !p.keep(client) || !p.keep(server) {
		return
	}
	// What the server says goes to the client, until an answer is to be lost.
	var mu sync.Mutex
	silent := false
	answered := make(chan struct{}, 1)
	back := make(chan struct{})
	go func() {
		defer close(back)
		defer func() { _ = client.Close() }()
		b := make([]byte, 32<<10)
		for {
			n, err := server.Read(b)
			if err != nil {
				return
			}
			mu.Lock()
			mute := silent
			mu.Unlock()
			if mute {
				answered <- struct{}{}
				return
			}
			if _, err := client.Write(b[:n]); err != nil {
				return
			}
		}
	}()
	p.forward(client, server, func() { mu.Lock(); silent = true; mu.Unlock() }, answered, back)
	_ = server.Close()
	<-back
}

// commitPacket is what the client sends at the end of a transaction: a command
// (COM_QUERY) without anything but the word.
var commitPacket = append([]byte{3}, "COMMIT"...)

// forward passes the client's packets on, one by one.
func (p *Proxy) forward(client io.Reader, server io.Writer, mute func(), answered, gone <-chan struct{}) {
	head := make([]byte, 4)
	var body []byte
	for {
		if _, err := io.ReadFull(client, head); err != nil {
			return
		}
		n := int(binary.LittleEndian.Uint32([]byte{head[0], head[1], head[2], 0}))
		body = append(body[:0], head...)
		body = append(body, make([]byte, n)...)
		if _, err := io.ReadFull(client, body[4:]); err != nil {
			return
		}
		arrives, heard := true, true
		if bytes.Equal(body[4:], commitPacket) {
			arrives, heard = p.commit()
		}
		if !arrives {
			return
		}
		if !heard {
			mute()
		}
		if _, err := server.Write(body); err != nil {
			return
		}
		if !heard {
			select {
			case <-answered: // the server has committed
			case <-gone:
			}
			return
		}
	}
}
