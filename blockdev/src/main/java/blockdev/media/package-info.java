/**
 * Where bytes rest. A medium is a range of bytes that the device encrypts straight into and
 * decrypts straight from; it knows no blocks, keys or commands.
 *
 * <p>Touches {@code blockdev.memory} only. Chronicle Bytes maps image files, also those that are
 * only read: its read-only mapping neither locks nor resizes.
 */
@NullMarked
package blockdev.media;

import org.jspecify.annotations.NullMarked;
