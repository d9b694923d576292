/**
 * Speed on the wall clock: the JMH suites, and what they are compared with.
 *
 * <p>The engine and bio benchmarks check their output once in set-up; those of key set-up and
 * keyslots, and the C loop, look at none. Absolute figures drift on shared machines, so that the
 * suites state ratios within one run.
 */
@NullMarked
package bench.jmh;

import org.jspecify.annotations.NullMarked;
