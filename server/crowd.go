package server

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// A crowd is the connections that are open. There are never more than its limit: when one more comes,
// the one that has asked nothing for the longest gives way, so that whoever opens many and keeps them
// shuts nobody out.
type crowd struct {
	limit   int
	metrics *metrics

	mu   sync.Mutex
	room *sync.Cond
	all  map[*member]struct{}
}

// A member is one open connection.
type member struct {
	net.Conn

	crowd *crowd
	once  sync.Once
	busy  bool      // a request is under way
	since time.Time // since when it is not busy
}

func newCrowd(limit int, m *metrics) *crowd {
	c := &crowd{limit: limit, metrics: m, all: map[*member]struct{}{}}
	c.room = sync.NewCond(&c.mu)
	return c
}

// admit makes room for a connection and takes it in. It waits when all others are busy.
func (c *crowd) admit(conn net.Conn) net.Conn {
	m := &member{Conn: conn, crowd: c, since: time.Now()}
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.all) >= c.limit {
		idlest := c.idlest()
		if idlest == nil {
			c.room.Wait()
			continue
		}
		c.remove(idlest)
		go idlest.Conn.Close() //nolint:errcheck // it is given up
	}
	c.all[m] = struct{}{}
	c.metrics.connections.Add(1)
	return m
}

// idlest is the connection that has asked nothing for the longest; nil when all are busy.
func (c *crowd) idlest() *member {
	var found *member
	for m := range c.all {
		if !m.busy && (found == nil || m.since.Before(found.since)) {
			found = m
		}
	}
	return found
}

func (c *crowd) remove(m *member) {
	if _, ok := c.all[m]; ok {
		delete(c.all, m)
		c.metrics.connections.Add(-1)
		c.room.Signal()
	}
}

// note is the server's word on what a connection does.
func (c *crowd) note(conn net.Conn, state http.ConnState) {
	m, ok := conn.(*member)
	if !ok {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	m.busy = state == http.StateActive
	if state == http.StateIdle || state == http.StateNew {
		m.since = time.Now()
		c.room.Signal() // it can give way now
	}
}

// Close closes the connection and leaves the crowd.
func (m *member) Close() error {
	m.once.Do(func() {
		m.crowd.mu.Lock()
		defer m.crowd.mu.Unlock()
		m.crowd.remove(m)
	})
	return m.Conn.Close()
}

// bounded takes every connection into a crowd.
type bounded struct {
	net.Listener

	crowd *crowd
}

// Accept waits for a connection and for room.
func (b *bounded) Accept() (net.Conn, error) {
	conn, err := b.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return b.crowd.admit(conn), nil
}
