/**
 * Where bytes rest. A medium is a range of bytes that the device encrypts straight into and
 * decrypts straight from; it knows no blocks, keys or commands.
 *
 * <p>{@link blockdev.media.VolatileMedium} is a volatile write cache before another medium, for
 * configurations that cut the power. What it guarantees is what NVM Express demands of a write
 * cache (NVM Command Set 1.1, "Flush command" and "Atomic operation"), and no more.
 *
 * <p>Touches {@code blockdev.memory} only. Chronicle Bytes maps image files, also those that are
 * only read: its read-only mapping neither locks nor resizes.
 */
@NullMarked
package blockdev.media;

import org.jspecify.annotations.NullMarked;
