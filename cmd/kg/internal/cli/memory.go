package cli

import (
	"runtime"
	"runtime/debug"
)

// patientGC is the percentage of growth before the first collection: most commands end before their
// heap has grown to 32 MB, and need none.
const patientGC = 800

// collectLater puts the first garbage collection off. From then on the collector works as usual, unless
// the command has chosen another percentage meanwhile. Who sets GOGC decides for himself.
func collectLater(std Streams) {
	if std.env(envGC) != "" {
		return
	}
	debug.SetGCPercent(patientGC)
	witness := new([16]byte) // collected in the first cycle
	runtime.AddCleanup(witness, func(percent int) {
		if chosen := debug.SetGCPercent(percent); chosen != patientGC {
			debug.SetGCPercent(chosen)
		}
	}, 100)
}
