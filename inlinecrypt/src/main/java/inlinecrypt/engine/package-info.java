/**
 * The cipher engines behind one interface. An engine turns a mode and a key into a keyed cipher;
 * the cipher transforms whole data units between memory segments and allocates nothing.
 *
 * <p>Knows modes and bytes, not keyslots and not {@link inlinecrypt.CryptoKey}. {@code reference}
 * takes its modes from {@link inlinecrypt.reference} and shares no cipher code with the other
 * engines: it is what they, and the bytes on media, are checked with. Lanes, the checks of
 * arguments and the known answers are everybody's.
 */
@NullMarked
package inlinecrypt.engine;

import org.jspecify.annotations.NullMarked;
