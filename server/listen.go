package server

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// lookEvery is how often the server looks for a new store.
const lookEvery = time.Second

// Serve answers on the listener until the context ends; then it ends the requests that are under way
// in order, and returns nil.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	watching, stop := context.WithCancel(ctx)
	defer stop()
	go s.shelf.watch(watching, lookEvery)
	crowd := newCrowd(maxConnections, s.metrics)
	web := &http.Server{
		Handler: s.handler, ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime,
		IdleTimeout: idleTime, MaxHeaderBytes: headerBytes, ConnState: crowd.note,
		ErrorLog: complaints(s.o.Log),
	}
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(&bounded{Listener: l, crowd: crowd}) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	s.o.Log.Info("ending: no new requests are taken")
	calm, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	err := web.Shutdown(calm)
	if errors.Is(err, context.DeadlineExceeded) {
		err = web.Close()
	}
	return err
}
