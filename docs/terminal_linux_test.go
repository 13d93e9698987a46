package docs_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
	"unsafe"
)

// atTerminal runs the command at a terminal of 100 columns and returns what it wrote there. Its exit
// status is not looked at: a transcript may show a failure.
func atTerminal(t *testing.T, cmd *exec.Cmd) []byte {
	t.Helper()
	screen, terminal := openTerminal(t)
	t.Cleanup(func() {
		if err := screen.Close(); err != nil {
			t.Error(err)
		}
	})
	cmd.Stdin, cmd.Stdout, cmd.Stderr = terminal, terminal, terminal
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	// From the start on only the command may hold it, so that its end is the end of the screen.
	if err := errors.Join(cmd.Start(), terminal.Close()); err != nil {
		t.Fatal(err)
	}
	var seen bytes.Buffer
	if _, err := io.Copy(&seen, screen); err != nil && !errors.Is(err, syscall.EIO) {
		t.Error(err)
	}
	var failed *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &failed) {
		t.Error(err)
	}
	return seen.Bytes()
}

// openTerminal makes a pseudo-terminal: what is written to terminal is read from screen.
func openTerminal(t *testing.T) (screen, terminal *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	var unlock, number int32
	size := struct{ rows, columns, x, y uint16 }{rows: 40, columns: 100}
	control := func(request uintptr, argument unsafe.Pointer) {
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, screen.Fd(), request, uintptr(argument)); errno != 0 {
			t.Fatalf("ioctl %#x on %s: %v", request, screen.Name(), errno)
		}
	}
	control(syscall.TIOCSPTLCK, unsafe.Pointer(&unlock))
	control(syscall.TIOCGPTN, unsafe.Pointer(&number))
	control(syscall.TIOCSWINSZ, unsafe.Pointer(&size))
	terminal, err = os.OpenFile("/dev/pts/"+strconv.Itoa(int(number)), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return screen, terminal
}
