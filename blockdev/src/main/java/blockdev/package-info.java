/**
 * A block device with inline encryption, simulated: {@link blockdev.Simulation} wires its parts
 * together, and is the only place that does.
 *
 * <p>Calls go down the column {@code fs → queue → nvme → media}; completions come back through the
 * bio.
 */
@NullMarked
package blockdev;

import org.jspecify.annotations.NullMarked;
