/**
 * The modes written straight from their papers, to be read beside them: block ciphers, what hashes
 * and streams the modes need, and the modes themselves. {@link
 * inlinecrypt.reference.DataUnitTransform} and {@link inlinecrypt.reference.AeadTransform} are the
 * way in.
 *
 * <p>Made for prediction, not for speed: nothing here is optimised or takes care of side channels,
 * and the {@code reference} engine is the only user. The fast engines share no code with it. Of the
 * platform it takes SHA-256 and nothing else.
 */
@NullMarked
package inlinecrypt.reference;

import org.jspecify.annotations.NullMarked;
