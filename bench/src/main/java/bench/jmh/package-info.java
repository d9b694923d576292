/**
 * The JMH benchmarks. Each checks its output once in set-up, and stands beside what it is to be
 * compared with, so that one run gives a ratio.
 *
 * <p>Touches {@code blockdev} and {@code inlinecrypt}; the command {@code jmh} starts them.
 */
@NullMarked
package bench.jmh;

import org.jspecify.annotations.NullMarked;
