package server

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"time"
)

// lookEvery is how often the server looks for a new store.
const lookEvery = time.Second

// garbagePercent is how much garbage, in percent of what the server holds, may lie before it is collected.
// The server holds little, the store being mapped, and makes much garbage: some megabytes more save a
// tenth of the time. Far more would make the slowest answers slower.
const garbagePercent = 200

// Serve answers on the listener until the context ends; then it ends the requests that are under way
// in order, and returns nil.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	watching, stop := context.WithCancel(ctx)
	defer stop()
	go s.shelf.watch(watching, lookEvery)
	if os.Getenv("GOGC") == "" { // else whoever starts the program has decided
		defer debug.SetGCPercent(debug.SetGCPercent(garbagePercent))
	}
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
