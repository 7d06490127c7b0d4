package storagetest

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// Fate is what becomes of a COMMIT on its way; the zero value is none.
type Fate struct {
	Dropped bool // the server does not get it
	Unheard bool // the client does not get the answer
	// Open leaves the connection as if nothing had happened, where it is cut
	// otherwise: whoever waits for an answer waits for ever.
	Open bool
	// Left keeps the server's side open also when the client has gone, so that the
	// server holds the transaction.
	Left bool
}

func (f Fate) lost() bool { return f.Dropped || f.Unheard }

// Proxy is a way to a MySQL server on which connections can be cut and answers
// lost, as they are between machines.
type Proxy struct {
	server string
	commit func() Fate
	ended  chan struct{} // with the test

	mu     sync.Mutex
	down   bool
	silent bool
	l      net.Listener
	conns  map[net.Conn]bool
}

// NewProxy listens on loopback until the test ends. commit is asked about each
// COMMIT; nil passes everything.
func NewProxy(t testing.TB, server string, commit func() Fate) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if commit == nil {
		commit = func() Fate { return Fate{} }
	}
	p := &Proxy{server: server, commit: commit, l: l, conns: map[net.Conn]bool{}, ended: make(chan struct{})}
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
		close(p.ended)
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

// Hush lets nothing through any more, in either direction, while connections
// stay open and new ones are taken: as a server does that hangs. After
// Hush(false) new connections work; the old ones have lost their place.
func (p *Proxy) Hush(silent bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.silent = silent
}

func (p *Proxy) hushed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.silent
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

// link is one client with its connection to the server.
type link struct {
	client, server net.Conn
	mute           atomic.Bool   // the client hears nothing any more
	answered       chan struct{} // the server said something that the client did not hear
	gone           chan struct{} // the server closed
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
	l := &link{client: client, server: server, answered: make(chan struct{}, 1), gone: make(chan struct{})}
	go func() {
		defer close(l.gone)
		p.back(l)
	}()
	if fate := p.forward(l); fate.lost() && fate.Open {
		_, _ = io.Copy(io.Discard, client) // until the client gives up
		if fate.Left {
			<-p.ended
		}
	}
	_ = server.Close()
	<-l.gone
}

// back passes on what the server says.
func (p *Proxy) back(l *link) {
	b := make([]byte, 32<<10)
	for {
		n, err := l.server.Read(b)
		switch {
		case l.mute.Load():
			select {
			case l.answered <- struct{}{}:
			default:
			}
		case err != nil:
			_ = l.client.Close()
		case p.hushed():
		default:
			_, err = l.client.Write(b[:n])
		}
		if err != nil {
			return
		}
	}
}

// commitPacket is what the client sends at the end of a transaction: a command
// (COM_QUERY) without anything but the word.
var commitPacket = append([]byte{3}, "COMMIT"...)

// forward passes the client's packets on, one by one, until a COMMIT gets lost
// or the client leaves.
func (p *Proxy) forward(l *link) (fate Fate) {
	head := make([]byte, 4)
	var body []byte
	for {
		if _, err := io.ReadFull(l.client, head); err != nil {
			return fate
		}
		n := int(binary.LittleEndian.Uint32([]byte{head[0], head[1], head[2], 0}))
		body = append(body[:0], head...)
		body = append(body, make([]byte, n)...)
		if _, err := io.ReadFull(l.client, body[4:]); err != nil {
			return fate
		}
		if bytes.Equal(body[4:], commitPacket) {
			fate = p.commit()
		}
		if fate.lost() {
			l.mute.Store(true)
		}
		if fate.Dropped {
			return fate
		}
		if p.hushed() {
			continue
		}
		if _, err := l.server.Write(body); err != nil {
			return fate
		}
		if fate.Unheard {
			select {
			case <-l.answered: // the server has committed
			case <-l.gone:
			}
			return fate
		}
	}
}
