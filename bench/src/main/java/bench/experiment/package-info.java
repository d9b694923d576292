/**
 * Questions asked of the simulator, each a sweep over configurations in virtual time. Settings and
 * rows are flat records whose component names, with their units, are the names in CSV and JSON.
 *
 * <p>Touches {@code bench.workload}, {@code blockdev} and {@code inlinecrypt}; prints nothing.
 */
@NullMarked
package bench.experiment;

import org.jspecify.annotations.NullMarked;
