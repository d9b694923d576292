/**
 * The command line: {@code inlinecrypt} and its subcommands.
 *
 * <p>A command parses and checks its options, calls the package that does the work, and prints the
 * result: 0 if everything verified, 1 if not, 2 for a usage error, 130 after Ctrl-C. A failure is a
 * {@link bench.cli.CliException}, one line on stderr. Commands may touch every package, and no
 * package touches them.
 */
@NullMarked
package bench.cli;

import org.jspecify.annotations.NullMarked;
