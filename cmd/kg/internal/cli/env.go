package cli

// The environment variables that kg reads. A flag wins over its variable.
const (
	envData       = "KG_DATA"
	envStore      = "KG_STORE"
	envBase       = "KG_BASE"
	envQueries    = "KG_QUERIES"
	envTimeout    = "KG_TIMEOUT"
	envToken      = "KG_TOKEN"
	envDebug      = "KG_DEBUG"
	envNoColor    = "NO_COLOR"
	envColor      = "CLICOLOR"
	envForceColor = "CLICOLOR_FORCE"
	envTerm       = "TERM"
	envGC         = "GOGC"
	envCache      = "XDG_CACHE_HOME"
	envState      = "XDG_STATE_HOME"
)

// A variable is an environment variable with its documentation.
type variable struct {
	name, flag, about string
}

// variables lists what "kg help environment" documents; nothing else is read.
func variables() []variable {
	return []variable{
		{envData, "--data", "The folder with the facts: curated tables, or facts.nq."},
		{envStore, "--store", "The address of the store to open, as it is."},
		{envBase, "--base", "The namespace behind the prefix kg: in files that are read and written."},
		{envQueries, "--queries", "A folder with more saved questions."},
		{envTimeout, "--timeout", "How long a question may run: 30s, 2m; 0 means no limit."},
		{envToken, "", "What those must give who ask \"kg serve\": as a bearer token or as a password."},
		{envDebug, "", "Set to anything: an internal fault prints its trace."},
		{envNoColor, "--color never", "Set to anything: no colours."},
		{envColor, "--color never", "Set to 0: no colours."},
		{envForceColor, "--color always", "Set to anything but 0: colours even in a pipe."},
		{envTerm, "", "Set to dumb: no colours, no progress."},
		{envGC, "", "As for every Go program, when memory is collected. Unset, kg collects late."},
		{envCache, "", "Where the store of the embedded facts is kept, under kg/; else ~/.cache on Linux and the system's cache folder elsewhere."},
		{envState, "", "Where the history of \"kg repl\" is kept, under kg/; else ~/.local/state."},
	}
}
