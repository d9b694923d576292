package bench.crypt;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.DeviceModel;
import blockdev.Simulation;
import blockdev.SimulationConfig;
import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.media.MemoryMedium;
import blockdev.memory.HostMemory;
import blockdev.queue.HardwareQueue;
import blockdev.sim.WaitPoint;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import inlinecrypt.KeyType;
import inlinecrypt.fscrypt.MasterSecret;
import inlinecrypt.keyslot.WrappedKeyOperation;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A device with hardware-wrapped keys does what xfstests' {@code fscrypt-crypt-util} emulates: the
 * vectors with {@code enable_hw_kdf}, whose master key is the raw one.
 */
class WrappedKeyVectorsTest {
  private static final Path VECTORS = Path.of("../testdata/vectors/fscrypt/fscrypt-vectors.jsonl");

  private final MemoryMedium medium = new MemoryMedium(1 << 20);
  private final Simulation simulation =
      new Simulation(
          SimulationConfig.defaults()
              .withDevice(DeviceModel.ufsWrapped(4).withLogicalBlockBytes(512)),
          medium);
  private final HardwareQueue queue = simulation.queue().submitter();

  @AfterEach
  void close() {
    simulation.close();
    medium.close();
  }

  @Test
  void contentsWrittenWithAnImportedKeyAreTheCiphertextOfTheVectors() throws IOException {
    List<JsonObject> vectors = vectors("contents");
    assertThat(vectors).hasSize(5);
    for (JsonObject vector : vectors) {
      byte[] plaintext = hex(vector, "plaintext");
      byte[] ciphertext = hex(vector, "ciphertext");
      byte[] ephemeral = ephemeral(hex(vector, "master_key"));
      int dataUnitSizeBytes = vector.get("data_unit_size").getAsInt();
      long dun = ByteBuffer.wrap(hex(vector, "first_iv")).order(ByteOrder.LITTLE_ENDIAN).getLong();
      try (CryptoKey key =
          new CryptoKey(
              new CryptoConfig(CryptoMode.AES_256_XTS, dataUnitSizeBytes, 8)
                  .withKeyType(KeyType.HARDWARE_WRAPPED),
              ephemeral)) {
        write(key, dun, plaintext, ciphertext.length);
        assertThat(medium.segment().asSlice(0, ciphertext.length).toArray(ValueLayout.JAVA_BYTE))
            .as("vector %s", vector.get("id"))
            .isEqualTo(ciphertext);
        WaitPoint evicted = new WaitPoint();
        simulation.queue().evict(key, result -> evicted.signal());
        queue.await(evicted);
      }
    }
  }

  @Test
  void theSoftwareSecretOfAnImportedKeyGivesTheVectorsKeyIdentifiers() throws IOException {
    List<JsonObject> vectors = vectors("key-identifier");
    assertThat(vectors).hasSize(4);
    for (JsonObject vector : vectors) {
      byte[] secret =
          perform(WrappedKeyOperation.DERIVE_SOFTWARE_SECRET, ephemeral(hex(vector, "master_key")));
      try (MasterSecret derivations = MasterSecret.ofSoftwareSecret(secret)) {
        assertThat(derivations.identifier().toString())
            .isEqualTo(vector.get("key_identifier").getAsString());
      }
    }
  }

  private void write(CryptoKey key, long dun, byte[] plaintext, int paddedBytes) {
    HostMemory host = simulation.queue().memory();
    long page = host.allocate(paddedBytes);
    MemorySegment padded = host.segment().asSlice(page, paddedBytes).fill((byte) 0);
    MemorySegment.copy(plaintext, 0, padded, ValueLayout.JAVA_BYTE, 0, plaintext.length);
    WaitPoint done = new WaitPoint();
    Bio bio = new Bio(1, ended -> done.signal()).reset(BioOp.WRITE, 0);
    bio.addSegment(page, paddedBytes);
    bio.crypt().set(key, dun);
    queue.submit(bio);
    queue.await(done);
    assertThat(bio.status()).isEqualTo(BioStatus.OK);
    host.free(page, paddedBytes);
  }

  private byte[] ephemeral(byte[] rawKey) {
    return perform(WrappedKeyOperation.PREPARE, perform(WrappedKeyOperation.IMPORT, rawKey));
  }

  private byte[] perform(WrappedKeyOperation operation, byte[] input) {
    AtomicReference<byte[]> answer = new AtomicReference<>(new byte[0]);
    WaitPoint done = new WaitPoint();
    simulation
        .queue()
        .wrappedKeys()
        .perform(
            operation,
            input,
            (result, output) -> {
              assertThat(result).isEqualTo(Errno.OK);
              answer.set(output);
              done.signal();
            });
    queue.await(done);
    return answer.get();
  }

  /** Those whose key comes straight from a raw key behind the hardware's derivation. */
  private static List<JsonObject> vectors(String kind) throws IOException {
    return Files.readAllLines(VECTORS).stream()
        .map(line -> JsonParser.parseString(line).getAsJsonObject())
        .filter(vector -> vector.get("kind").getAsString().equals(kind))
        .filter(vector -> vector.has("enable_hw_kdf") && vector.get("enable_hw_kdf").getAsBoolean())
        .toList();
  }

  private static byte[] hex(JsonObject vector, String field) {
    return HexFormat.of().parseHex(vector.get(field).getAsString());
  }
}
