// Command microcourt is the back end of a court's mini-program: one binary for
// the server and everything that is done to it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"syscall"
	_ "time/tzdata" // legal days are in Asia/Shanghai, also where the system has no zones

	"microcourt/model"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// command is one subcommand.
type command struct {
	name, usage, help string
	run               func(c *call) error
}

// call is one run of a subcommand.
type call struct {
	ctx    context.Context //nolint:containedctx // lives as long as the command
	env    []string
	args   []string
	stdout io.Writer
	stderr io.Writer
	flags  *flag.FlagSet
	config *string
}

var errUsage = errors.New("usage")

func commands() []command {
	return []command{
		{"serve", "serve", "run the server", serve},
		{"demo", "demo [-listen ADDR] [-data DIR]", "run the server with a small court to try everything on", runDemo},
		{"migrate", "migrate", "bring the database's schema up to date", migrate},
		{"backup", "backup -out DIR [-objects copy|list]", "copy the database and the objects while the server runs", backup},
		{"restore", "restore -from DIR [-check] [-no-copy] [-accept objects,app,service_app,certificate] | restore [-cancel]", "bring the database back to a backup, put missing objects back, reconcile", restore},
		{"reconcile", "reconcile [-kept FILE] [-resend]", "make a database fit to go on that is older than the files and numbers outside it", reconcile},
		{"court", "court add CODE NAME SHORT | court list | court show CODE | court set CODE FILE.json", "keep courts and their settings", courts},
		{"staff", "staff add|reset|president|disable|list -court CODE [-name NAME] [-roles judge,clerk] [LOGIN]", "keep staff accounts", staff},
		{"apikey", "apikey create|revoke -court CODE NAME", "keep keys of the court's case system", apiKeys},
		{"agency", "agency add -court CODE [-kind government] AGENCY NAME | agency list -court CODE | agency account -court CODE -name NAME AGENCY LOGIN | agency key|revoke -court CODE AGENCY NAME | agency load -court CODE -source NAME [-dry-run] [-backfill] FILE | agency adopt -court CODE [-dry-run] [-backfill] | agency suggested | agency lists -court CODE", "keep the units that work with the court, their accounts and keys", agencies},
		{"import", "import -court CODE [-dry-run] [-notices now|from|held] [-from DAY] FILE | import -court CODE held | look ID | release ID | import --template xlsx|csv", "import cases from a spreadsheet, release their notices", importCases},
		{"calendar", "calendar load -source NOTICE FILE | calendar show YEAR | calendar list", "keep the State Council's holidays", calendars},
		{"wechat", "wechat check", "compare the mapping of cards with the mini-program's templates", checkWeChat},
		{"notices", "notices replay -court CODE [-state unreachable,invalid,…] [-dry-run]", "send again what failed for good", notices},
		{"verify", "verify [-cert FILE] [-any] FILE.pdf", "check a certificate's signature offline", verify},
		{"audit", "audit verify [-expect COURT:SEQ:HASH]", "prove the audit trail unbroken", auditVerify},
		{"rekey", "rekey", "seal personal data anew with the active key", rekey},
		{"examine", "examine <FILE", "say whether an uploaded file would be accepted, and why not", examineFile},
		{"keys", "keys new FILE | keys add FILE | keys activate FILE ID", "make a new file of keys, add a key to it, seal with that from now on", keysCommand},
		{"installation", "installation show | installation accept objects|app|service_app|certificate", "show what belongs together, confirm a change that a start refuses", installationCommand},
		{"version", "version", "say which program this is, and the schema that it needs", version},
		{"sweep", "sweep", "remove files that belong to nothing, now", sweep},
	}
}

// run is main with its surroundings as arguments, so that tests can call it.
func run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	all := commands()
	if len(args) > 0 {
		i := slices.IndexFunc(all, func(c command) bool { return c.name == args[0] })
		if i >= 0 {
			return runCommand(ctx, all[i], args[1:], environ, stdout, stderr)
		}
	}
	fmt.Fprintln(stderr, "usage: microcourt COMMAND [-config FILE] …\n\nCommands:")
	for _, c := range all {
		fmt.Fprintf(stderr, "  %-8s %s\n           microcourt %s\n", c.name, c.help, c.usage)
	}
	if len(args) > 0 && (args[0] == "help" || args[0] == "-h" || args[0] == "--help") {
		return 0
	}
	return 2
}

func runCommand(ctx context.Context, cmd command, args, environ []string, stdout, stderr io.Writer) int {
	c := &call{ctx: ctx, env: environ, stdout: stdout, stderr: stderr, flags: flag.NewFlagSet(cmd.name, flag.ContinueOnError)}
	c.flags.SetOutput(stderr)
	c.flags.Usage = func() {
		fmt.Fprintf(stderr, "usage: microcourt %s\n", cmd.usage)
		c.flags.PrintDefaults()
	}
	c.config = c.flags.String("config", "", "configuration file (YAML); the environment wins over it")
	c.args = args
	switch err := cmd.run(c); {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, errUsage):
		c.flags.Usage()
		return 2
	default:
		fmt.Fprintf(stderr, "microcourt %s: %s\n", cmd.name, describe(err))
		return 1
	}
}

// describe prefers the sentence that a user can act on.
func describe(err error) string {
	if e, ok := errors.AsType[*model.Error](err); ok && e.Message != "" {
		return e.Message + " (" + err.Error() + ")"
	}
	return err.Error()
}

// parse reads the flags; what stays are the arguments. Flags may stand before
// or after the first argument.
func (c *call) parse() ([]string, error) {
	var rest []string
	args := c.args
	for {
		if err := c.flags.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, errUsage
		}
		args = c.flags.Args()
		if len(args) == 0 {
			return rest, nil
		}
		rest, args = append(rest, args[0]), args[1:]
	}
}

func (c *call) load() (*Config, error) { return loadConfig(*c.config, c.env) }

func (c *call) logger(cfg *Config) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.LogLevel)); err != nil {
		level = slog.LevelInfo
	}
	return slog.New(slog.NewJSONHandler(c.stderr, &slog.HandlerOptions{Level: level}))
}

// open wires the program for a command that works on the database directly.
func (c *call) open() (*app, error) {
	cfg, err := c.load()
	if err != nil {
		return nil, err
	}
	c.band(cfg)
	return openApp(c.ctx, cfg, c.quiet())
}

// band says on the terminal, beside the command's own output, whether what it
// does is real.
func (c *call) band(cfg *Config) {
	if cfg.production() {
		fmt.Fprintln(c.stderr, "[正式] 真实的微信账号，消息会发出")
		return
	}
	fmt.Fprintln(c.stderr, "[演练] 微信为模拟环境，消息不会发给任何人")
}

// quiet is the log of a command, which tells its user what matters itself.
func (c *call) quiet() *slog.Logger {
	return slog.New(slog.NewTextHandler(c.stderr, &slog.HandlerOptions{Level: slog.LevelError}))
}
