package inlinecrypt.fscrypt;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.memory.ChildProcess;
import inlinecrypt.memory.Secret;
import inlinecrypt.wrapped.WrappedKeyDerivation;
import inlinecrypt.wrapped.WrappingUnit;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * No derivation leaves the key that it started from, or the one that it made, in the memory of the
 * process.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class ClosedSecretsTest {
  private static final Secret MASTER = new Secret(1, 64);
  private static final Secret MASTER_OF_V1 = new Secret(2, 64);
  private static final Secret KEY = new Secret(3, 64);
  private static final Secret RAW = new Secret(4, 32);
  private static final Secret WRAPPED = new Secret(5, 32);
  private static final Secret SOFTWARE = new Secret(6, 32);
  private static final Secret FUSED = new Secret(7, 32);
  private static final List<Secret> ALL =
      List.of(MASTER, MASTER_OF_V1, KEY, RAW, WRAPPED, SOFTWARE, FUSED);

  private static final int DERIVED_KEYS = 9;

  @Test
  void noKeyOutlivesItsUse() throws Exception {
    Map<String, byte[]> secrets = new TreeMap<>();
    ALL.forEach(secret -> secrets.put("secret " + secret.number(), secret.bytes()));
    try (ChildProcess child = ChildProcess.start(Derivations.class)) {
      child.await("given");
      assertThat(child.secretsFound(secrets)).isEqualTo(secrets.keySet());
      child.goOn();
      child.await("wiped");
      Derivations.useAll(
          ALL.stream().map(Secret::bytes).toArray(byte[][]::new),
          derived -> secrets.put("derived key " + secrets.size(), derived.clone()));
      assertThat(secrets).hasSize(ALL.size() + DERIVED_KEYS);
      assertThat(child.secretsFound(secrets)).isEmpty();
    }
  }

  /** Uses each secret as what it is, and wipes the array that it is in. */
  static final class Derivations {
    public static void main(String[] arguments) throws IOException {
      byte[][] given = new byte[ALL.size()][];
      for (int i = 0; i < given.length; i++) {
        given[i] = new byte[ALL.get(i).sizeBytes()];
        ALL.get(i).reveal(MemorySegment.ofArray(given[i]));
      }
      ChildProcess.sayAndWait("given");
      useAll(given, derived -> Arrays.fill(derived, (byte) 0));
      for (byte[] secret : given) {
        Arrays.fill(secret, (byte) 0);
      }
      ChildProcess.sayAndWait("wiped");
    }

    /**
     * @param made takes each key that is derived, in an array that others come into
     */
    private static void useAll(byte[][] given, Consumer<byte[]> made) {
      byte[] derived = new byte[64];
      byte[] derived32 = new byte[32];
      Nonce nonce = new Nonce(1, 2);
      UUID filesystem = new UUID(1, 2);
      try (MasterSecret secret = MasterSecret.ofRawKey(given[0])) {
        secret.identifier();
        secret.perFileKey(nonce, derived);
        made.accept(derived);
        secret.directKey(9, derived32);
        made.accept(derived32);
        secret.ivInoLblk64Key(1, filesystem, derived);
        made.accept(derived);
        secret.ivInoLblk32Key(1, filesystem, derived);
        made.accept(derived);
        secret.hashInode(12);
        secret.hashName(nonce, "name");
      }
      AesEcbDerivation.perFileKey(given[1], nonce, derived);
      made.accept(derived);
      CryptoConfig config = new CryptoConfig(CryptoMode.AES_256_XTS, 4096, 8);
      try (CryptoKey key = new CryptoKey(config, given[2])) {
        key.exposeSecretBytes();
      }
      WrappedKeyDerivation.inlineKey(given[3], derived);
      made.accept(derived);
      WrappedKeyDerivation.softwareSecret(given[3], derived32);
      made.accept(derived32);
      try (WrappingUnit unit = new WrappingUnit(given[6])) {
        byte[] blob = new byte[WrappingUnit.BLOB_BYTES];
        unit.prepareKey(unit.importKey(given[4]), blob);
        unit.inlineKey(blob, derived);
        made.accept(derived);
        unit.softwareSecret(blob, derived32);
        made.accept(derived32);
      }
      MasterSecret.ofSoftwareSecret(given[5]).close();
    }
  }
}
