/**
 * What is asked of the device: sequences of I/Os, seeded and made before they run, and what submits
 * them.
 *
 * <p>Chance comes from {@link java.util.Random}, whose algorithm is specified, and from integer
 * tables, so that a seed means the same I/Os on every machine. Touches {@code blockdev} and {@code
 * inlinecrypt}; knows nothing of experiments and reports.
 */
@NullMarked
package bench.workload;

import org.jspecify.annotations.NullMarked;
