package inlinecrypt.fscrypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NonceTest {
  @Test
  void aNonceReadsWritesAndPrintsItsBytesInOrder() {
    byte[] bytes = Vectors.unhex("ee" + Vectors.NONCE + "ee");
    Nonce nonce = Nonce.read(bytes, 1);
    byte[] written = Vectors.unhex("ee" + "00".repeat(16) + "ee");
    nonce.write(written, 1);
    assertThat(nonce).hasToString(Vectors.NONCE);
    assertThat(written).isEqualTo(bytes);
  }

  @Test
  void equalBytesAreEqualIdentifiers() {
    assertThat(KeyIdentifier.read(Vectors.unhex(Vectors.IDENTIFIER), 0))
        .isEqualTo(Vectors.identifier())
        .hasSameHashCodeAs(Vectors.identifier())
        .hasToString(Vectors.IDENTIFIER);
  }

  @Test
  void fewerThan16BytesAreACallersMistake() {
    assertThatThrownBy(() -> Nonce.read(new byte[16], 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> Vectors.nonce().write(new byte[15], 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void secureNoncesDiffer() {
    NonceSource source = NonceSource.secureRandom();
    Set<Nonce> seen = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      assertThat(seen.add(source.next())).isTrue();
    }
  }
}
