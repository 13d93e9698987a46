package server

import (
	"container/list"
	"net/http"
	"sync"
)

// cacheBytes bounds what is kept of answers.
const cacheBytes = 32 << 20

// A cache keeps answers by the version of the dataset and the address, those asked for last.
type cache struct {
	mu    sync.Mutex
	all   map[cacheKey]*list.Element
	order list.List // the one asked for last in front
	size  int
}

type cacheKey struct{ digest, address string }

type cacheEntry struct {
	key   cacheKey
	reply *reply
}

func newCache() *cache { return &cache{all: map[cacheKey]*list.Element{}} }

func (c *cache) get(k cacheKey) (*reply, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.all[k]
	if !ok {
		return nil, false
	}
	c.order.MoveToFront(e)
	return e.Value.(*cacheEntry).reply, true //nolint:forcetypeassert // nothing else is put in
}

func (c *cache) put(k cacheKey, a *reply) {
	size := weight(k, a)
	if size > cacheBytes/8 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.all[k]; ok {
		return
	}
	c.all[k] = c.order.PushFront(&cacheEntry{k, a})
	c.size += size
	for c.size > cacheBytes {
		last := c.order.Back()
		e := last.Value.(*cacheEntry) //nolint:forcetypeassert // nothing else is put in
		c.order.Remove(last)
		delete(c.all, e.key)
		c.size -= weight(e.key, e.reply)
	}
}

// weight is about what an entry takes.
func weight(k cacheKey, a *reply) int { return len(k.address) + len(a.body) + len(a.zipped) + 512 }

// cached keeps a handler's answers for as long as the dataset stays the same.
func (s *Server) cached(h handler) handler {
	if s.o.NoCache {
		return h
	}
	return func(r *http.Request, store *held) (*reply, error) {
		k := cacheKey{store.digest, r.URL.Path + "?" + r.URL.RawQuery}
		if a, ok := s.cache.get(k); ok {
			s.metrics.cached.Add(1)
			return a, nil
		}
		a, err := h(r, store)
		if err != nil || a.stream != nil || a.fresh {
			return a, err
		}
		a.etag = s.etagFor(r, store)
		if len(a.body) >= least {
			a.zipped = compressed(a.body)
		}
		s.cache.put(k, a)
		return a, nil
	}
}
