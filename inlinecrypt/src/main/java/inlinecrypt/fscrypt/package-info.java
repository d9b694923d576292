/**
 * Filesystem-level encryption as Linux fscrypt does it: from a policy, a nonce and a master key to
 * a {@link inlinecrypt.CryptoKey} and a data unit number. Per-inode keys, and per-extent keys in
 * the lightweight form of the btrfs series (v6 and v7: a nonce on disk, a key in memory).
 *
 * <p>A filesystem holds one {@link Keyring}, makes an {@link InodeInfo} for each inode it unlocks,
 * and from it an {@link ExtentInfo} for each extent it meets. It keeps the encoded contexts with
 * its metadata, and it evicts a key from every device before it closes the info that owns it.
 *
 * <p>What is there: v2 policies with AES-256-XTS contents, raw master keys, a single user (no
 * claims, no quota). Names are not encrypted yet.
 *
 * <p>Beside it stands what the other policies need, for whoever brings a key and knows what for:
 * {@link MasterSecret} (v2), {@link AesEcbDerivation} (v1), {@link IvScheme} and {@link
 * NamePadding}. The filesystem does not use these yet.
 *
 * <p>Touches the vocabulary package and the JDK's SHA-512, and what hardware derives from wrapped
 * keys ({@code inlinecrypt.wrapped}); Bouncy Castle in {@link IndependentDerivation} and {@link
 * AesEcbDerivation}. Knows no engine, keyslot, clock or medium. Not thread-safe: the simulated
 * threads of one filesystem never run at once, and others lock.
 *
 * <p>Sources: {@code fs/crypto/}, {@code Documentation/filesystems/fscrypt.rst}, and the series
 * "fscrypt: add extent encryption".
 */
@NullMarked
package inlinecrypt.fscrypt;

import org.jspecify.annotations.NullMarked;
