/**
 * Memory outside the Java heap: {@link OffHeap} regions, the {@link HostMemory} whose pages bios
 * carry and NVMe commands point into, and the {@link PageReserve} for writes that cannot do
 * without.
 *
 * <p>Touches no other package. Plain regions come from the C library's {@code calloc}, so that
 * pages nobody touches cost nothing; mapped files are Chronicle's, in {@code blockdev.media}.
 */
@NullMarked
package blockdev.memory;

import org.jspecify.annotations.NullMarked;
