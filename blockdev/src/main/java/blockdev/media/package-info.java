/**
 * Where bytes rest. A medium is a range of bytes that the device encrypts straight into and
 * decrypts straight from; it knows no blocks, keys or commands.
 *
 * <p>Touches {@code blockdev.memory} only.
 */
@NullMarked
package blockdev.media;

import org.jspecify.annotations.NullMarked;
