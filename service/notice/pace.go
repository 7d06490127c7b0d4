package notice

import "sync"

// How many messages are under way at once. With 500 ms a call, 384 are some
// 750 a second; the pace begins lower and learns.
const (
	paceFirst = 64
	paceLeast = 4
	paceMost  = 384
)

// pace is how many messages one instance has under way at once: more as long as
// all goes well and there is more to send, half as soon as the platform is busy
// or counts calls.
type pace struct {
	mu    sync.Mutex
	limit int
}

func newPace() *pace { return &pace{limit: paceFirst} }

// room is how many more may be taken. Few are not worth a transaction while
// others are under way.
func (p *pace) room(underWay int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	room := p.limit - underWay
	if underWay > 0 && room < p.limit/4 {
		return 0
	}
	return max(room, 0)
}

// learn adjusts the pace by what ended together while so many were under way.
func (p *pace) learn(group []sent, underWay int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, g := range group {
		if g.slower {
			p.limit = max(p.limit/2, paceLeast)
			return
		}
	}
	if underWay >= p.limit*3/4 { // it was the pace that held things up
		p.limit = min(p.limit+len(group), paceMost)
	}
}
