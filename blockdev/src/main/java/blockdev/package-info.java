/**
 * A block device with inline encryption, simulated: {@link blockdev.Simulation} wires its parts
 * together, and is the only place that does.
 *
 * <p>Calls go down the column {@code fs → queue → nvme → media}; completions come back through the
 * bio.
 *
 * <p>A simulation leaves nothing behind but its media. A new one on the same media is a new device:
 * its SMART and error logs are empty, its features are as at first, its formats are those of the
 * configuration, every block is written and none uncorrectable. So a power cut, which ends a
 * simulation, is never seen as an unsafe shutdown; {@link blockdev.Simulation#powerCycleController}
 * counts one.
 */
@NullMarked
package blockdev;

import org.jspecify.annotations.NullMarked;
