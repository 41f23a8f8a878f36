# bash completion of adgenome: source it, or put it into
# ~/.local/share/bash-completion/completions/adgenome
_adgenome() {
  local current=${COMP_WORDS[COMP_CWORD]}
  local -a before=("${COMP_WORDS[@]:1:COMP_CWORD-1}")
  local path='' options='' next='' files='' value='' word skip=''
  for word in "${before[@]}"; do
    if [[ -n $skip ]]; then skip=''; continue; fi
    case "$path:$word" in
      *:--store|*:--config|*:--brand|*:--seed|*:--now|*:--rules|*:--format|*:--log-level|*:--log-format|*:--busy-timeout|'import catalog:--rejects'|'import performance:--rejects'|'import performance:--source'|'import performance:--map'|'import performance:--set'|'import performance:--tags'|'import performance:--dates'|'import performance:--decimal'|'import performance:--columns'|'import performance:--extra'|'ads list:--batch'|'ads list:--run'|'ads list:--template'|'ads list:--size'|'ads list:--color'|'ads list:--status'|'ads list:--sort'|'ads list:--limit'|'ads list:--after'|'select:--product'|'select:--persona'|'select:--candidates'|'select:--input'|'select:--context'|'select:--category'|'select:--prefer-category'|'select:--strictness'|'select:--min-asset-score'|'select:--preset'|'select:--weights'|'select:--count'|'learn-weights:--input'|'learn-weights:--method'|'learn-weights:--static'|'learn-weights:--posteriors'|'learn-weights:--rejects'|'evaluate:--input'|'evaluate:--policy'|'evaluate:--compare'|'evaluate:--clip'|'evaluate:--interval'|'evaluate:--rejects'|'generate:--selection'|'generate:--templates'|'generate:--product'|'generate:--persona'|'generate:--offer-variant'|'generate:--sizes'|'generate:--colors'|'generate:--hooks'|'generate:--elements'|'generate:--provider'|'generate:--images'|'generate:--batch'|'review:--batch'|'review:--ads'|'review:--fail-on'|'reward:--input'|'reward:--rejects'|'genome update:--input'|'genome update:--rejects'|'genome show:--dimension'|'genome show:--product'|'whitespace:--input'|'experiment analyze:--input'|'experiment analyze:--control'|'experiment analyze:--kind'|'experiment analyze:--min-sample'|'experiment analyze:--alpha'|'experiment analyze:--method'|'experiment analyze:--only'|'experiment analyze:--rejects'|'cluster:--input'|'cluster:--npy'|'cluster:--eps'|'cluster:--min-samples'|'cluster:--rejects'|'job submit:--param'|'job submit:--at'|'job submit:--attempts'|'job submit:--time-limit'|'job schedule:--param'|'job list:--state'|'job list:--type'|'job list:--limit'|'worker:--concurrency'|'worker:--types'|'worker:--lease'|'worker:--poll') skip=$word ;;
      ':init') path='init' ;;
      ':migrate') path='migrate' ;;
      ':import') path='import' ;;
      ':ads') path='ads' ;;
      ':select') path='select' ;;
      ':learn-weights') path='learn-weights' ;;
      ':evaluate') path='evaluate' ;;
      ':generate') path='generate' ;;
      ':review') path='review' ;;
      ':reward') path='reward' ;;
      ':genome') path='genome' ;;
      ':whitespace') path='whitespace' ;;
      ':experiment') path='experiment' ;;
      ':cluster') path='cluster' ;;
      ':job') path='job' ;;
      ':worker') path='worker' ;;
      ':schema') path='schema' ;;
      ':config') path='config' ;;
      ':completion') path='completion' ;;
      ':version') path='version' ;;
      'migrate:status') path='migrate status' ;;
      'migrate:up') path='migrate up' ;;
      'migrate:plan') path='migrate plan' ;;
      'migrate:verify') path='migrate verify' ;;
      'import:catalog') path='import catalog' ;;
      'import:performance') path='import performance' ;;
      'ads:list') path='ads list' ;;
      'genome:update') path='genome update' ;;
      'genome:show') path='genome show' ;;
      'experiment:analyze') path='experiment analyze' ;;
      'job:submit') path='job submit' ;;
      'job:schedule') path='job schedule' ;;
      'job:unschedule') path='job unschedule' ;;
      'job:list') path='job list' ;;
      'job:show') path='job show' ;;
      'job:cancel') path='job cancel' ;;
      'job:retry') path='job retry' ;;
    esac
  done
  case "$path:$skip" in
    *:) ;;
    *:--store) value=1 files=1 ;;
    *:--config) value=1 files=1 ;;
    *:--brand) value=1 ;;
    *:--seed) value=1 ;;
    *:--now) value=1 ;;
    *:--rules) value=1 next='robust classic' ;;
    *:--format) value=1 next='json jsonl csv table' ;;
    *:--log-level) value=1 next='trace debug info warn error' ;;
    *:--log-format) value=1 next='text json' ;;
    *:--busy-timeout) value=1 ;;
    'import catalog:--rejects') value=1 files=1 ;;
    'import performance:--rejects') value=1 files=1 ;;
    'import performance:--source') value=1 next='meta google tiktok generic' ;;
    'import performance:--map') value=1 ;;
    'import performance:--set') value=1 ;;
    'import performance:--tags') value=1 ;;
    'import performance:--dates') value=1 next='dmy mdy ymd' ;;
    'import performance:--decimal') value=1 next='point comma' ;;
    'import performance:--columns') value=1 files=1 ;;
    'import performance:--extra') value=1 next='keep drop reject' ;;
    'ads list:--batch') value=1 ;;
    'ads list:--run') value=1 ;;
    'ads list:--template') value=1 ;;
    'ads list:--size') value=1 ;;
    'ads list:--color') value=1 next='original complementary brand' ;;
    'ads list:--status') value=1 next='pending generation_failed review_failed approved flagged rejected' ;;
    'ads list:--sort') value=1 next='newest oldest' ;;
    'ads list:--limit') value=1 ;;
    'ads list:--after') value=1 ;;
    'select:--product') value=1 ;;
    'select:--persona') value=1 ;;
    'select:--candidates') value=1 files=1 ;;
    'select:--input') value=1 files=1 ;;
    'select:--context') value=1 files=1 ;;
    'select:--category') value=1 ;;
    'select:--prefer-category') value=1 ;;
    'select:--strictness') value=1 next='default growth premium' ;;
    'select:--min-asset-score') value=1 ;;
    'select:--preset') value=1 files=1 ;;
    'select:--weights') value=1 files=1 ;;
    'select:--count') value=1 ;;
    'learn-weights:--input') value=1 files=1 ;;
    'learn-weights:--method') value=1 next='linear beta' ;;
    'learn-weights:--static') value=1 files=1 ;;
    'learn-weights:--posteriors') value=1 files=1 ;;
    'learn-weights:--rejects') value=1 files=1 ;;
    'evaluate:--input') value=1 files=1 ;;
    'evaluate:--policy') value=1 ;;
    'evaluate:--compare') value=1 ;;
    'evaluate:--clip') value=1 ;;
    'evaluate:--interval') value=1 next='bootstrap empirical_bernstein' ;;
    'evaluate:--rejects') value=1 files=1 ;;
    'generate:--selection') value=1 ;;
    'generate:--templates') value=1 ;;
    'generate:--product') value=1 ;;
    'generate:--persona') value=1 ;;
    'generate:--offer-variant') value=1 ;;
    'generate:--sizes') value=1 ;;
    'generate:--colors') value=1 ;;
    'generate:--hooks') value=1 ;;
    'generate:--elements') value=1 next='given' ;;
    'generate:--provider') value=1 next='local none' ;;
    'generate:--images') value=1 files=1 ;;
    'generate:--batch') value=1 ;;
    'review:--batch') value=1 ;;
    'review:--ads') value=1 ;;
    'review:--fail-on') value=1 next='flagged rejected' ;;
    'reward:--input') value=1 files=1 ;;
    'reward:--rejects') value=1 files=1 ;;
    'genome update:--input') value=1 files=1 ;;
    'genome update:--rejects') value=1 files=1 ;;
    'genome show:--dimension') value=1 ;;
    'genome show:--product') value=1 ;;
    'whitespace:--input') value=1 files=1 ;;
    'experiment analyze:--input') value=1 files=1 ;;
    'experiment analyze:--control') value=1 ;;
    'experiment analyze:--kind') value=1 next='generation' ;;
    'experiment analyze:--min-sample') value=1 ;;
    'experiment analyze:--alpha') value=1 ;;
    'experiment analyze:--method') value=1 next='auto exact asymptotic' ;;
    'experiment analyze:--only') value=1 next='mann_whitney hodges_lehmann brunner_munzel cliffs_delta proportions means bayes' ;;
    'experiment analyze:--rejects') value=1 files=1 ;;
    'cluster:--input') value=1 files=1 ;;
    'cluster:--npy') value=1 files=1 ;;
    'cluster:--eps') value=1 ;;
    'cluster:--min-samples') value=1 ;;
    'cluster:--rejects') value=1 files=1 ;;
    'job submit:--param') value=1 ;;
    'job submit:--at') value=1 ;;
    'job submit:--attempts') value=1 ;;
    'job submit:--time-limit') value=1 ;;
    'job schedule:--param') value=1 ;;
    'job list:--state') value=1 next='pending claimed running completed failed cancelled' ;;
    'job list:--type') value=1 ;;
    'job list:--limit') value=1 ;;
    'worker:--concurrency') value=1 ;;
    'worker:--types') value=1 ;;
    'worker:--lease') value=1 ;;
    'worker:--poll') value=1 ;;
  esac
  if [[ -z $value ]]; then
    case "$path" in
      '') next='init migrate import ads select learn-weights evaluate generate review reward genome whitespace experiment cluster job worker schema config completion version' ;;
      'init') options='--demo' ;;
      'migrate') options='' next='status up plan verify' ;;
      'migrate status') options='--exit-code' ;;
      'migrate up') options='--no-backup --distribute' ;;
      'migrate plan') options='' ;;
      'migrate verify') options='' ;;
      'import') options='' next='catalog performance' ;;
      'import catalog') options='--rejects --strict' files=1 ;;
      'import performance') options='--rejects --strict --source --map --set --tags --dates --decimal --columns --extra --explain' files=1 ;;
      'ads') options='' next='list' ;;
      'ads list') options='--batch --run --template --size --color --status --sort --limit --after' ;;
      'select') options='--product --persona --record --candidates --input --context --category --prefer-category --strictness --min-asset-score --preset --weights --count --all --explain' ;;
      'learn-weights') options='--input --method --static --posteriors --rejects --strict' ;;
      'evaluate') options='--input --policy --compare --clip --interval --rejects --strict' ;;
      'generate') options='--selection --templates --product --persona --offer-variant --sizes --colors --hooks --elements --provider --images --batch' ;;
      'review') options='--batch --ads --fail-on --require-full-scan' files=1 ;;
      'reward') options='--input --states --rejects --strict' ;;
      'genome') options='' next='update show' ;;
      'genome update') options='--input --rejects --strict' ;;
      'genome show') options='--dimension --product' ;;
      'whitespace') options='--input --optimistic' ;;
      'experiment') options='' next='analyze' ;;
      'experiment analyze') options='--input --control --kind --min-sample --alpha --method --only --rejects --strict' ;;
      'cluster') options='--input --npy --eps --min-samples --rejects --strict' ;;
      'job') options='' next='submit schedule unschedule list show cancel retry' ;;
      'job submit') options='--param --at --attempts --time-limit' ;;
      'job schedule') options='--param --defaults' ;;
      'job unschedule') options='' ;;
      'job list') options='--state --type --limit' ;;
      'job show') options='--follow' ;;
      'job cancel') options='' ;;
      'job retry') options='' ;;
      'worker') options='--once --concurrency --types --lease --poll' ;;
      'schema') options='' ;;
      'config') options='' ;;
      'completion') options='' next='bash zsh fish' ;;
      'version') options='' ;;
    esac
    options="$options --store --config --brand --seed --now --rules --format --dry-run --yes --quiet --log-level --log-format --busy-timeout --no-color --no-progress --help"
  fi
  if [[ -z $value && $current == -* ]]; then next=$options files=''; fi
  COMPREPLY=($(compgen -W "$next" -- "$current"))
  if [[ -n $files ]]; then COMPREPLY+=($(compgen -f -- "$current")); compopt -o filenames; fi
}
complete -F _adgenome adgenome
