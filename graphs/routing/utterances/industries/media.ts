import type { Industry } from './industry.ts'

/** What customers of streaming services, publishers, broadcasters and ticket sellers write. */
export const media: Industry = {
  billing: [
    '(cancel|stop|pause|end|suspend|resume) (my|the|our) (subscription|membership|newspaper|magazine|paper|premium|trial|delivery of the paper|streaming|channel|add on)( for two months| before it renews| while i travel|)',
    '(rented|bought|purchased|watched) (film|movie|episode|match|fight|pay per view|event) (was |)(charged|billed) (twice|but never played|though i did not watch it|though it is included|to my account)',
    '(student|family|duo|annual|gift|bundle|ad free|with ads) (plan|rate|subscription|price|discount|membership)( how much| cost| expired|)',
    '(is|are) (sports|the sports pack|films|the kids channel|hd|4k|downloads|the e-paper|the archive) (included|extra|part of my plan|charged separately)',
    '(i am|we are) (being |)(charged|billed) for (two|a second|an old) (accounts|subscription|profile|account)',
    '(gift card|gift code|voucher|promo code|redeem code) (does not|is not|was not) (lower|applied|counted|taken off|credited)( on my (next payment|bill|subscription)|)',
    '(the price|my subscription|the package|the monthly fee) (went|has gone|jumped|rose) (from|up|to) (to |)({money}|a lot|again|twice this year)',
    'which (card|account|person|email) (is|are) (being |)(charged|billed) for (the|our|my) (subscription|account|membership)',
    '(cable|tv|satellite|streaming) (bill|package|fee|charge|bundle) (is|was|has|went) (wrong|up|higher|doubled|increased|not what i agreed)',
    'when (is|will be) my (subscription|membership|next payment|renewal|free month) (renewed|charged|taken|over|up)',
    '(ticket|booking|service|delivery) fee (on|for) (my |the |)(ticket|tickets|order|concert)( too high| was not shown|)',
    '(how do i |)(see|get|find) (the|my) (receipt|invoice|billing history|next billing date) (for|of) (my |the |)(subscription|membership|rental|tickets)',
  ],
  returns: [
    '(the|my) (book|vinyl|record|box set|dvd|disc|poster|magazine|t shirt|merchandise|cd|comic|calendar|print) (arrived|came|is|was|you sent) (scratched|bent|torn|creased|warped|with pages missing|with blank pages|in the wrong (language|size|edition)|damaged|cracked|the wrong one)',
    '(return|exchange|send back|refund) (the|my|a|these) (book|vinyl|dvd|blu ray|merch|hoodie from the show|box set|e-book|tickets|concert tickets|reader|signed copy)',
    '(concert|show|event|match|festival) (was |)(cancelled|moved|postponed) (i want|can i get|how do i get) (my money back|a refund|refunded)',
    '(give|send|bring) back (the|your|my) (decoder|receiver|box|dish|remote|rented equipment)( and get my deposit|)',
    'ordered (the |a |)(hardcover|vinyl|blu ray|large|dvd) (and |but |)(got|received|you sent) (the |a |)(paperback|cd|dvd|small|wrong one)',
  ],
  'tech-support': [
    '(video|film|movie|stream|episode|show|song|channel|live tv|picture|sound|audio|subtitle|subtitles|playback|podcast) (does not|will not|keeps|is|are|stops|has|wont) (play|buffering|load|start|out of sync|freezing|black|missing|stuttering|skipping|in the wrong language|every few minutes|no sound|pixelated|in bad quality|stuck at 25 percent)',
    '(the |your |my |)(app|tv app|player|website|reader|e-paper|games console app) (on|for) (my |the |)(tv|fire stick|console|tablet|phone|projector|smart tv|laptop) (crashes|will not open|freezes|says error {code}|does not update|is not available|signs me out|shows a black screen|closes itself)',
    '(too many|maximum|limit of) (devices|streams|screens)( message| error| although only i watch| how do i remove one|)',
    '(add|delete|remove|rename|lock|change|manage|set up) (a |my |the |)(profile|profiles|device|devices|kids profile|pin|parental control|watchlist|viewing history|language|subtitles|download quality)',
    '(cast|casting|mirror|airplay|screen share|connect) (to|from|with) (my |the |)(tv|phone|chromecast|speaker|projector) (does not work|fails|keeps dropping|not found|impossible)',
    '(downloads|downloaded songs|offline films|my library|playlist|watch history|bookmarks|purchased film) (disappeared|vanished|does not play|will not download|is empty|is gone|not showing|greyed out)',
    '(recording|recorder|dvr|programme guide|remote|set top box|receiver|satellite|antenna) (failed|did not record|is empty|is blank|does not respond|no signal|will not pair|wrong time|needs resetting)',
    '(this (title|content|video)|it says the (title|content|video)) (is |)not available( in my (country|region)| on this device|)',
    '(cannot|can not|unable to) (watch|listen|stream|read|download|log in|play anything|open the article|open the crossword|comment|vote|cast)( on my (tv|tablet|phone)| since {when}|)',
    '(code|activation code|link) (on|from) (the |my |)tv (screen |)(does not work|expired|is rejected|where do i enter it)',
    '(e-ticket|ticket|qr code|barcode) (does not|will not|did not) (open|load|show|arrive|scan|download)( in the app|)',
  ],
}
