package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.AeadMode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OpenSslAeadTest extends EngineAeadContract {
  @Override
  CipherEngine engine() {
    return CipherEngine.named("openssl");
  }

  /** The ends of calls lie within the message: none may show. */
  @Test
  void aMessageOfSeveralCallsIsWhatTheReferencePredicts() {
    int lengthBytes = 2 * 65536 + 21;
    byte[] plaintext = new byte[lengthBytes];
    new Random(1).nextBytes(plaintext);
    MemorySegment key = MemorySegment.ofArray(new byte[AeadMode.KEY_BYTES]);
    MemorySegment nonce = MemorySegment.ofArray(new byte[AeadMode.NONCE_BYTES]);
    MemorySegment expected = MemorySegment.ofArray(new byte[lengthBytes]);
    MemorySegment expectedTag = MemorySegment.ofArray(new byte[AeadMode.TAG_BYTES]);
    MemorySegment tag = MemorySegment.ofArray(new byte[AeadMode.TAG_BYTES]);
    try (Arena arena = Arena.ofConfined();
        AeadCipher cipher = engine().prepareAead(AeadMode.AES_256_GCM, key);
        AeadCipher reference =
            CipherEngine.named("reference").prepareAead(AeadMode.AES_256_GCM, key)) {
      MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_BYTE, plaintext);
      reference.seal(nonce, nonce, data, expected, expectedTag);
      cipher.seal(nonce, nonce, data, data, tag);
      assertThat(data.mismatch(expected)).isEqualTo(-1);
      assertThat(tag.mismatch(expectedTag)).isEqualTo(-1);
      assertThat(cipher.open(nonce, nonce, data, data, tag)).isTrue();
      assertThat(data.mismatch(MemorySegment.ofArray(plaintext))).isEqualTo(-1);
    }
  }
}
