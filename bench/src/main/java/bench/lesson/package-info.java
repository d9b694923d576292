/**
 * The data path told as a story for people who learn: what happens to one write and the read back,
 * step by step, in virtual time.
 *
 * <p>Plaintext is shown, and the story says so; keys never are. Touches {@code blockdev}, {@code
 * inlinecrypt} and, of {@code bench.life}, the prediction of ciphertext; prints to the writer it is
 * given.
 */
@NullMarked
package bench.lesson;

import org.jspecify.annotations.NullMarked;
