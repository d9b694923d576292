/**
 * Encryption as a filter, and the check of known answers: what {@code crypt} does.
 *
 * <p>{@link bench.crypt.KeyInputs} goes from a master key to a key and its data unit numbers,
 * {@link bench.crypt.CryptStream} takes a stream through a cipher, and {@link
 * bench.crypt.VectorFile} checks JSON lines in the schemas of {@code testdata/vectors}. Uses {@code
 * inlinecrypt} (engines and fscrypt derivations) and nothing of {@code blockdev}, so that it starts
 * fast.
 *
 * <p>Options, names and bytes are those of xfstests' {@code fscrypt-crypt-util}.
 */
@NullMarked
package bench.crypt;

import org.jspecify.annotations.NullMarked;
