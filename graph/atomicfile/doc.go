// Package atomicfile writes files that appear, or replace others, when all of them is there, and files
// that nobody sees.
//
// A file is written beside the one that it will take the place of, synced, and renamed. Readers of the
// old file keep it; everybody else sees the old file or the new one, never a part of it. What killed
// processes leave behind is swept away by those that come later: a lock tells whether somebody is still
// at work on a file.
package atomicfile
