"""Models with random weights of a few hundred kilobytes, saved as their publishers save them.

They are made by the libraries' own configurations, so that the production loader finds nothing unusual about them. A
tokenizer of ours knows a dozen words; the publishers' are not needed for what is tested.
"""

import math
from pathlib import Path

import torch
from diffusers import (
    AceStepPipeline,
    AutoencoderOobleck,
    CosineDPMSolverMultistepScheduler,
    FlowMatchEulerDiscreteScheduler,
    StableAudioPipeline,
)
from diffusers.models.transformers.ace_step_transformer import AceStepTransformer1DModel
from diffusers.models.transformers.stable_audio_transformer import StableAudioDiTModel
from diffusers.pipelines.ace_step.modeling_ace_step import AceStepConditionEncoder
from diffusers.pipelines.stable_audio.modeling_stable_audio import StableAudioProjectionModel
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import (
    EncodecConfig,
    MusicgenConfig,
    MusicgenDecoderConfig,
    MusicgenForConditionalGeneration,
    PreTrainedTokenizerFast,
    Qwen3Config,
    Qwen3Model,
    T5Config,
    T5EncoderModel,
)

_WORDS = ("slow", "fast", "calm", "warm", "bright", "piano", "drums", "bass", "guitar", "song", "verse", "rain")
WIDTH = 16


def tokenizer() -> PreTrainedTokenizerFast:
    vocabulary = {word: number for number, word in enumerate(["<pad>", "<unk>", "</s>", *_WORDS])}
    words = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    return PreTrainedTokenizerFast(
        tokenizer_object=words, pad_token="<pad>", unk_token="<unk>", eos_token="</s>", model_max_length=64
    )


def _t5() -> T5Config:
    return T5Config(
        vocab_size=64, d_model=WIDTH, d_kv=8, d_ff=32, num_layers=1, num_heads=2, pad_token_id=0, eos_token_id=2
    )


def musicgen(folder: Path, *, channels: int = 1) -> Path:
    """MusicGen with four codebooks at 50 frames a second."""
    torch.manual_seed(1)
    codebooks, codebook_size, rate_hz = 4, 64, 16_000
    ratios = (8, 8, 5)  # 320 samples a frame
    frame_rate = rate_hz / math.prod(ratios)
    # Anything else, and EnCodec takes another number of codebooks for a seed than the decoder makes.
    bandwidth = codebooks * frame_rate * math.log2(codebook_size) / 1_000
    encodec = EncodecConfig(
        target_bandwidths=[bandwidth],
        sampling_rate=rate_hz,
        audio_channels=1,
        num_filters=4,
        hidden_size=WIDTH,
        codebook_dim=WIDTH,
        codebook_size=codebook_size,
        upsampling_ratios=list(ratios),
        num_lstm_layers=1,
    )
    decoder = MusicgenDecoderConfig(
        vocab_size=codebook_size,
        hidden_size=WIDTH,
        ffn_dim=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_codebooks=codebooks * channels,
        audio_channels=channels,
        pad_token_id=codebook_size,
        bos_token_id=codebook_size,
        max_position_embeddings=2_048,
        initializer_factor=0.5,  # as small as usual, no token would depend on those before it
    )
    config = MusicgenConfig(text_encoder=_t5().to_dict(), audio_encoder=encodec.to_dict(), decoder=decoder.to_dict())
    model = MusicgenForConditionalGeneration(config)
    # Untrained, every code sounds the same, and every sound has the same code.
    with torch.no_grad():
        for layer in model.audio_encoder.quantizer.layers:
            layer.codebook.embed.normal_()
        for parameter in model.audio_encoder.encoder.parameters():
            parameter.mul_(3)
    model.generation_config.decoder_start_token_id = codebook_size
    model.generation_config.pad_token_id = codebook_size
    model.generation_config.bos_token_id = codebook_size
    model.save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    return folder


def stable_audio_open(folder: Path) -> Path:
    """Stable Audio Open at 8 kHz, with the scheduler of the published model."""
    torch.manual_seed(1)
    vae = AutoencoderOobleck(
        encoder_hidden_size=8,
        downsampling_ratios=[4, 8],
        channel_multiples=[1, 2],
        decoder_channels=4,
        decoder_input_channels=4,
        audio_channels=2,
        sampling_rate=8_000,
    )
    transformer = StableAudioDiTModel(
        sample_size=512,
        in_channels=4,
        out_channels=4,
        num_layers=1,
        attention_head_dim=8,
        num_attention_heads=2,
        num_key_value_attention_heads=2,
        cross_attention_dim=WIDTH,
        cross_attention_input_dim=WIDTH,
        time_proj_dim=16,
        global_states_input_dim=2 * WIDTH,
    )
    projection = StableAudioProjectionModel(WIDTH, WIDTH, min_value=0, max_value=32)
    StableAudioPipeline(
        vae=vae,
        text_encoder=T5EncoderModel(_t5()),
        projection_model=projection,
        tokenizer=tokenizer(),
        transformer=transformer,
        scheduler=CosineDPMSolverMultistepScheduler(),
    ).save_pretrained(folder)
    return folder


def ace_step(folder: Path) -> Path:
    """ACE-Step 1.5 at 48 kHz with a frame for every 1,920 samples, as the published model has it."""
    torch.manual_seed(1)
    latent = 8
    vae = AutoencoderOobleck(
        encoder_hidden_size=2 * latent,
        downsampling_ratios=[5, 6, 8, 8],
        channel_multiples=[1, 1, 1, 1],
        decoder_channels=4,
        decoder_input_channels=latent,
        audio_channels=2,
        sampling_rate=48_000,
    )
    text = Qwen3Config(
        vocab_size=64,
        hidden_size=WIDTH,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        head_dim=8,
    )
    heads = {"num_attention_heads": 2, "num_key_value_heads": 2, "head_dim": 8, "sliding_window": 16}
    transformer = AceStepTransformer1DModel(
        hidden_size=WIDTH,
        intermediate_size=32,
        num_hidden_layers=2,
        in_channels=3 * latent,
        audio_acoustic_hidden_dim=latent,
        is_turbo=True,
        **heads,
    )
    condition = AceStepConditionEncoder(
        hidden_size=WIDTH,
        intermediate_size=32,
        text_hidden_dim=WIDTH,
        timbre_hidden_dim=latent,
        num_lyric_encoder_hidden_layers=1,
        num_timbre_encoder_hidden_layers=1,
        **heads,
    )
    AceStepPipeline(
        vae=vae,
        text_encoder=Qwen3Model(text),
        tokenizer=tokenizer(),
        transformer=transformer,
        condition_encoder=condition,
        scheduler=FlowMatchEulerDiscreteScheduler(num_train_timesteps=1, shift=3.0),
    ).save_pretrained(folder)
    return folder
