/**
 * The part of inline-encryption hardware that holds hardware-wrapped keys, emulated: it wraps raw
 * keys into blobs, opens the blobs again, and derives what a keyslot and what software get.
 *
 * <p>A device owns one {@link inlinecrypt.wrapped.WrappingUnit} and reaches it from its inline
 * crypto unit; nothing else sees a raw key. Knows keys and engines, not slots. Touches {@code
 * inlinecrypt} and {@code inlinecrypt.engine}, the JDK's SHA-256, and Bouncy Castle in {@link
 * inlinecrypt.wrapped.WrappedKeyDerivation}. Source: {@code
 * Documentation/block/inline-encryption.rst}, "Hardware-wrapped keys".
 */
@NullMarked
package inlinecrypt.wrapped;

import org.jspecify.annotations.NullMarked;
