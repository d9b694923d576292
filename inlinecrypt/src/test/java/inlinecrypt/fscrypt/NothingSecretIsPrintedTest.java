package inlinecrypt.fscrypt;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.Errno;
import java.util.List;
import org.junit.jupiter.api.Test;

class NothingSecretIsPrintedTest {
  private static final List<String> SECRETS =
      List.of(
          Vectors.hex(Vectors.masterKey()),
          Vectors.PSEUDORANDOM_KEY,
          Vectors.PER_FILE_KEY,
          Vectors.PER_EXTENT_KEY);

  @Test
  void noToStringShowsSecretBytes() {
    for (boolean perExtent : new boolean[] {false, true}) {
      Keyring keyring = new Keyring(new FilesystemTraits(perExtent, 4096, 128 << 20));
      keyring.add(Vectors.masterKey());
      InodeInfo inode = InodeInfo.unlock(keyring, Vectors.context());
      MasterKey masterKey = keyring.find(Vectors.identifier());
      assertHarmless(keyring.toString());
      assertHarmless(masterKey.toString());
      assertHarmless(masterKey.secret.toString());
      assertHarmless(inode.toString());
      if (perExtent) {
        ExtentInfo extent = inode.newExtent(Vectors::nonce);
        assertHarmless(extent.toString());
        assertHarmless(extent.key().toString());
      } else {
        assertHarmless(inode.contentsKey().toString());
      }
    }
  }

  @Test
  void errorsNameTheIdentifierAndNothingElse() {
    Keyring keyring = new Keyring(new FilesystemTraits(true, 4096, 128 << 20));
    keyring.add(Vectors.masterKey());
    InodeInfo.unlock(keyring, Vectors.context());
    keyring.remove(Vectors.identifier());
    String message =
        Rejections.refused(Errno.ENOKEY, () -> InodeInfo.unlock(keyring, Vectors.context()));
    assertThat(message).contains(Vectors.IDENTIFIER);
    assertHarmless(message);
  }

  private static void assertHarmless(String printed) {
    for (String secret : SECRETS) {
      // Eight bytes at any even position would be too much already.
      for (int at = 0; at + 16 <= secret.length(); at += 16) {
        assertThat(printed).doesNotContainIgnoringCase(secret.substring(at, at + 16));
      }
    }
  }
}
