package inlinecrypt.engine;

class BouncyCastleAeadTest extends EngineAeadContract {
  @Override
  CipherEngine engine() {
    return CipherEngine.named("bouncycastle");
  }
}
