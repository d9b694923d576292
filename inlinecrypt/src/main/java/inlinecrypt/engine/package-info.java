/**
 * The cipher engines behind one interface. An engine turns a mode and a key into a keyed cipher;
 * the cipher transforms whole data units between memory segments and allocates nothing.
 *
 * <p>Knows modes and bytes, not keyslots and not {@link inlinecrypt.CryptoKey}. {@code reference}
 * shares no code with the other engines: it is what they, and the bytes on media, are checked with.
 */
@NullMarked
package inlinecrypt.engine;

import org.jspecify.annotations.NullMarked;
