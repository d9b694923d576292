/**
 * Speed on the wall clock: the JMH suites, and what they are compared with.
 *
 * <p>Every benchmark checks its output once in set-up. Absolute figures drift on shared machines,
 * so that the suites state ratios within one run.
 */
@NullMarked
package bench.jmh;

import org.jspecify.annotations.NullMarked;
